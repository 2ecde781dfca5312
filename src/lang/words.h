/* How each language spells each gate: one table, for readers and writers. */
#ifndef ZCZ_LANG_WORDS_H
#define ZCZ_LANG_WORDS_H

#include "zcz/gate.h"
#include "zcz/lang.h"

/* Words whose parameters or meaning differ from the gate's. */
typedef enum zcz_word_special {
  ZCZ_WORD_PLAIN, /* the gate with its parameters */
  ZCZ_WORD_U0,    /* OpenQASM 2: u0(duration) waits: the identity */
  ZCZ_WORD_CU3,   /* OpenQASM 2: P((phi + lambda)/2) on the control, then controlled u3 */
  ZCZ_WORD_CU_2,  /* OpenQASM 2: cu3 with P(gamma) on the control */
  ZCZ_WORD_CU_3   /* OpenQASM 3: P(gamma - theta/2) on the control, then controlled U */
} zcz_word_special;

typedef struct zcz_word {
  const char *spelling[ZCZ_LANGUAGE_COUNT]; /* NULL = the language has no word */
  uint8_t gate;
  uint8_t controls;
  uint8_t special;
} zcz_word;

enum { ZCZ_WORD_PARAMS = 4 };

/* NULL where the language has no such gate. QCIS is matched without regard to case. */
const zcz_word *zcz_word_find(zcz_language language, const char *name, size_t size);
/* The row to write a gate with that many controls; NULL where the language has none. */
const zcz_word *zcz_word_for(zcz_language language, zcz_gate gate, uint32_t controls);
/* Counts as the program writes them. */
uint32_t zcz_word_params(const zcz_word *word);
uint32_t zcz_word_qubits(const zcz_word *word);
/* All rows, for tests and for suggestions. */
const zcz_word *zcz_words(size_t *count);

#endif
