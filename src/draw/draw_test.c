/* Pictures: the terminal's by heart, the files' by their form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/math.h"
#include "base/memory.h"
#include "draw/utf8.h"
#include "zcz/draw.h"

static zcz_context *new_context(uint64_t fail_allocation) {
  zcz_context_options options = {.fail_allocation = fail_allocation};
  zcz_context *context = NULL;
  zcz_error error = {0};
  if (zcz_context_new(&options, &context, &error) != ZCZ_OK) return NULL;
  return context;
}

static int set_up(void **state) {
  *state = new_context(0);
  return *state ? 0 : -1;
}

static int tear_down(void **state) {
  uint64_t left = zcz_memory_in_use(*state);
  zcz_context_free(*state);
  return left ? -1 : 0;
}

static void must(zcz_status status, const zcz_error *error) {
  if (status != ZCZ_OK) fail_msg("%s (%s)", error->message, error->hint);
}

/* A circuit with everything that has a sign of its own. NULL when memory fails. */
static zcz_circuit *sample_circuit(zcz_context *context, zcz_error *error) {
  zcz_circuit *circuit = NULL;
  uint32_t q[3] = {0, 1, 2}, ends[2] = {0, 2}, block = 0, bit = 0;
  double angles[2] = {ZCZ_PI / 2, -ZCZ_PI / 6}, p = 0.01;
  zcz_expression condition = {.kind = ZCZ_EXPRESSION_BIT, .index = 0};
  zcz_status s = zcz_circuit_new(context, &circuit, error);
  if (!s) s = zcz_circuit_add_qubits(circuit, "q", 4, NULL, error);
  if (!s) s = zcz_circuit_add_bits(circuit, "c", 2, NULL, error);
  if (!s) s = zcz_circuit_gate(circuit, 0, ZCZ_GATE_H, 0, q, NULL, error);
  if (!s) s = zcz_circuit_gate(circuit, 0, ZCZ_GATE_X, 1, ends, NULL, error);
  if (!s) s = zcz_circuit_gate(circuit, 0, ZCZ_GATE_FSIM, 0, q, angles, error);
  if (!s) s = zcz_circuit_barrier(circuit, 0, 2, q, error);
  if (!s) s = zcz_circuit_gate(circuit, 0, ZCZ_GATE_SWAP, 0, q + 1, NULL, error);
  if (!s) s = zcz_circuit_gate(circuit, 0, ZCZ_GATE_Z, 1, q, NULL, error);
  if (!s) s = zcz_circuit_channel(circuit, 0, ZCZ_CHANNEL_DEPOLARIZE1, 1, q + 2, 1, &p, error);
  if (!s) s = zcz_circuit_measure(circuit, 0, 0, 0, error);
  if (!s) s = zcz_circuit_add_expression(circuit, &condition, &bit, error);
  if (!s) s = zcz_circuit_add_block(circuit, &block, error);
  if (!s) s = zcz_circuit_gate(circuit, block, ZCZ_GATE_X, 0, q + 1, NULL, error);
  zcz_op op = {.kind = ZCZ_OP_IF,
               .bit = ZCZ_NONE,
               .variable = ZCZ_NONE,
               .expression = bit,
               .blocks = {block, ZCZ_NONE}};
  if (!s) s = zcz_circuit_append(circuit, 0, &op, error);
  if (!s) s = zcz_circuit_reset(circuit, 0, 2, error);
  if (!s) return circuit;
  if (circuit) zcz_circuit_free(circuit);
  return NULL;
}

static void check_text(zcz_context *context, char *text, const char *expected) {
  if (strcmp(text, expected) != 0) fail_msg("drawn:\n%sexpected:\n%s", text, expected);
  zcz_draw_free(context, text);
}

static void test_circuit_text(void **state) {
  zcz_error error = {0};
  zcz_circuit *circuit = sample_circuit(*state, &error);
  char *text;
  assert_non_null(circuit);
  must(zcz_draw_circuit(*state, circuit, NULL, &text, &error), &error);
  check_text(*state, text,
             "q[0] ──┤H├──●──┤fSim(π/2, -π/6)├──╫───────────●────────┤M→c[0]├──────────────\n"
             "            │          │          ╎           │\n"
             "q[1] ───────┼───────┤fSim├────────╫──╳────────●────────┤if c[0]├──┤X├──┤end├─\n"
             "            │                        │\n"
             "q[2] ───────⊕────────────────────────╳──┤Depol(0.01)├────┤|0⟩├───────────────\n"
             "(1 idle qubit left out)\n");
  /* Narrow: wraps into rows, and no line is longer than asked for. */
  zcz_draw_options narrow = {.columns = 40, .title = "narrow"};
  must(zcz_draw_circuit(*state, circuit, &narrow, &text, &error), &error);
  assert_int_equal(strncmp(text, "narrow\n", 7), 0);
  int rows = 0;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    assert_true(zcz_utf8_width(line) <= 40);
    rows += strncmp(line, "q[0]", 4) == 0;
  }
  assert_int_equal(rows, 3);
  zcz_draw_free(*state, text);
  /* Cut after two operations, and said so. */
  zcz_draw_options two = {.max_operations = 2};
  must(zcz_draw_circuit(*state, circuit, &two, &text, &error), &error);
  check_text(*state, text,
             "q[0] ──┤H├──●─…\n"
             "            │\n"
             "q[1] ───────┼─…\n"
             "            │\n"
             "q[2] ───────⊕─…\n"
             "(8 more operations are not drawn · 1 idle qubit left out)\n");
  zcz_circuit_free(circuit);
}

static void test_empty_circuit(void **state) {
  zcz_error error = {0};
  zcz_circuit *circuit;
  char *text;
  must(zcz_circuit_new(*state, &circuit, &error), &error);
  must(zcz_draw_circuit(*state, circuit, NULL, &text, &error), &error);
  zcz_draw_free(*state, text);
  must(zcz_circuit_add_qubits(circuit, "a", 2, NULL, &error), &error);
  must(zcz_draw_circuit(*state, circuit, NULL, &text, &error), &error);
  check_text(*state, text, "a[0] ─\n\na[1] ─\n");
  zcz_circuit_free(circuit);
}

static void test_histogram_text(void **state) {
  static const char *const labels[] = {"11", "01", "00", "10"};
  static const uint64_t counts[] = {300, 10, 1200, 10};
  zcz_error error = {0};
  char *text;
  zcz_draw_options narrow = {.columns = 50};
  must(zcz_draw_histogram(*state, 4, labels, counts, &narrow, &text, &error), &error);
  check_text(*state, text,
             "1,520 shots, 4 outcomes\n"
             "00 1,200  78.95 % │███████████████████████████████\n"
             "11   300  19.74 % │███████▊\n"
             "01    10   0.66 % │▎\n"
             "10    10   0.66 % │▎\n");
  narrow.max_bars = 1;
  must(zcz_draw_histogram(*state, 4, labels, counts, &narrow, &text, &error), &error);
  check_text(*state, text,
             "1,520 shots, 4 outcomes\n"
             "      00 1,200  78.95 % │█████████████████████████\n"
             "3 others   320  21.05 % │\n");
  static const uint64_t none[] = {0, 0, 0, 0};
  assert_int_equal(zcz_draw_histogram(*state, 4, labels, none, &narrow, &text, &error),
                   ZCZ_ERROR_USAGE);
  assert_int_equal(zcz_draw_histogram(*state, 0, labels, none, &narrow, &text, &error),
                   ZCZ_ERROR_USAGE);
}

static const zcz_chip_qubit chip_qubits[] = {{"Q1", 1, 0, true, 70, 50, 0.001, 0.01, 0.02},
                                             {"Q2", 0, 1, true, 80, 60, 0.002, 0.01, 0.03},
                                             {"Q3", 2, 1, false, 0, 0, 0, 0, 0},
                                             {"Q4", 1, 2, true, 65, 55, 0.0005, 0.02, 0.02}};
static const zcz_chip_coupler chip_couplers[] = {
    {.name = "G0", .qubits = {0, 1}, .enabled = true, .pauli_error = 0.004},
    {.name = "G1", .qubits = {0, 2}, .enabled = false, .pauli_error = 0.004},
    {.name = "G2", .qubits = {1, 3}, .enabled = true, .pauli_error = 0.006}};
static const zcz_provenance chip_provenance[] = {{"t1_us", "us", "a test", "measured", "primary"}};
static const zcz_chip small_chip = {.name = "small",
                                    .title = "A small chip",
                                    .num_qubits = 4,
                                    .qubits = chip_qubits,
                                    .num_couplers = 3,
                                    .couplers = chip_couplers,
                                    .num_provenances = 1,
                                    .provenances = chip_provenance};

static void test_chip_text(void **state) {
  zcz_error error = {0};
  char *text;
  must(zcz_draw_chip(*state, &small_chip, "t1_us", NULL, &text, &error), &error);
  check_text(*state, text,
             "A small chip\n"
             "\n"
             "Q1    ›      70\n"
             "            ╱   ×\n"
             "Q2    ›  80       ✗\n"
             "            ╲\n"
             "Q4    ›      65\n"
             "\n"
             "T1 (µs): 65 at Q4, median 70, 80 at Q2; measured\n"
             "Pauli error of couplers (10⁻³): 4.00 at G0, median 5.00, 6.00 at G2\n"
             "✗ × disabled\n");
  for (uint32_t i = 0; zcz_draw_chip_column(i); i++) {
    must(zcz_draw_chip(*state, &small_chip, zcz_draw_chip_column(i), NULL, &text, &error), &error);
    zcz_draw_free(*state, text);
  }
  assert_int_equal(zcz_draw_chip(*state, &small_chip, "t3", NULL, &text, &error), ZCZ_ERROR_USAGE);
  assert_non_null(strstr(error.hint, "t2_us"));
}

/* ---- files ---- */

static char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = calloc(*size + 1, 1);
  assert_int_equal(fread(bytes, 1, *size, file), *size);
  fclose(file);
  return bytes;
}

/* Every tag that opens closes, in order; attributes are quoted; no stray '<' or '&'. */
static void check_xml(const char *text) {
  char names[64][32];
  int depth = 0, elements = 0;
  for (const char *at = text; *at;) {
    if (*at == '&') assert_non_null(memchr(at, ';', 8));
    if (*at != '<') {
      at++;
      continue;
    }
    if (at[1] == '?') {
      at = strstr(at, "?>");
      assert_non_null(at);
      continue;
    }
    bool closing = at[1] == '/', quoted = false;
    const char *name = at + 1 + closing, *end = name;
    size_t length = strcspn(name, " />\n");
    assert_true(length > 0 && length < 32);
    for (; *end && (quoted || *end != '>'); end++) {
      if (*end == '"') quoted = !quoted;
      assert_true(*end != '<');
    }
    assert_true(*end == '>');
    if (closing) {
      assert_true(depth > 0 && strlen(names[depth - 1]) == length);
      assert_memory_equal(names[--depth], name, length);
    } else if (end[-1] != '/') {
      assert_true(depth < 64);
      snprintf(names[depth++], 32, "%.*s", (int)length, name);
    }
    elements++;
    at = end + 1;
  }
  assert_int_equal(depth, 0);
  assert_true(elements > 10);
}

static uint32_t big_endian(const char *bytes) {
  const unsigned char *b = (const unsigned char *)bytes;
  return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void check_picture(zcz_draw_format format, const char *path) {
  size_t size;
  char *bytes = read_file(path, &size);
  if (format == ZCZ_DRAW_SVG) {
    assert_non_null(strstr(bytes, "<svg"));
    check_xml(bytes);
  } else if (format == ZCZ_DRAW_PNG) {
    assert_memory_equal(bytes, "\x89PNG\r\n\x1a\n", 8);
    assert_memory_equal(bytes + 12, "IHDR", 4);
    assert_true(big_endian(bytes + 16) >= 300 && big_endian(bytes + 16) <= 3000);
    assert_true(big_endian(bytes + 20) >= 100 && big_endian(bytes + 20) <= 3000);
    assert_memory_equal(bytes + size - 8, "IEND", 4);
  } else if (format == ZCZ_DRAW_PDF) {
    assert_memory_equal(bytes, "%PDF-", 5);
    assert_non_null(strstr(bytes + size - 8, "%%EOF"));
  } else {
    assert_true(size > 40);
  }
  free(bytes);
}

static void test_files(void **state) {
  static const char *const suffixes[] = {".txt", ".svg", ".PNG", ".pdf"};
  static const char *const labels[] = {"0", "1"};
  static const uint64_t counts[] = {3, 5};
  char folder[] = "/tmp/zcz-draw-XXXXXX", path[64];
  zcz_error error = {0};
  zcz_circuit *circuit = sample_circuit(*state, &error);
  assert_non_null(circuit);
  assert_non_null(mkdtemp(folder));
  for (int i = 0; i < ZCZ_DRAW_FORMAT_COUNT; i++) {
    snprintf(path, sizeof path, "%s/picture%s", folder, suffixes[i]);
    zcz_draw_options options = {.path = path};
    must(zcz_draw_format_of(path, &options.format, &error), &error);
    assert_int_equal(options.format, i);
    must(zcz_draw_circuit(*state, circuit, &options, NULL, &error), &error);
    check_picture(options.format, path);
    must(zcz_draw_chip(*state, &small_chip, NULL, &options, NULL, &error), &error);
    check_picture(options.format, path);
    must(zcz_draw_histogram(*state, 2, labels, counts, &options, NULL, &error), &error);
    check_picture(options.format, path);
    unlink(path);
  }
  /* Nowhere to write: said so, and nothing left behind. */
  snprintf(path, sizeof path, "%s/none/picture.svg", folder);
  zcz_draw_options nowhere = {.path = path, .format = ZCZ_DRAW_SVG};
  assert_int_equal(zcz_draw_circuit(*state, circuit, &nowhere, NULL, &error), ZCZ_ERROR_SYSTEM);
  nowhere.path = folder;
  assert_int_equal(zcz_draw_circuit(*state, circuit, &nowhere, NULL, &error), ZCZ_ERROR_SYSTEM);
  nowhere.path = "/dev/full";
  assert_int_equal(zcz_draw_circuit(*state, circuit, &nowhere, NULL, &error), ZCZ_ERROR_SYSTEM);
  assert_int_equal(rmdir(folder), 0); /* empty */
  zcz_circuit_free(circuit);
}

/* More than a page takes: the widest circuit in every format, a long one cut. */
static void test_large(void **state) {
  char path[] = "/tmp/zcz-draw-XXXXXX.svg";
  zcz_error error = {0};
  int file = mkstemps(path, 4);
  assert_true(file >= 0);
  close(file);
  for (uint32_t qubits = 1; qubits <= 513; qubits += 256) {
    zcz_circuit *circuit;
    double angles[3] = {1, 2, 3};
    must(zcz_circuit_new(*state, &circuit, &error), &error);
    must(zcz_circuit_add_qubits(circuit, "q", qubits, NULL, &error), &error);
    for (uint32_t i = 0; i < 6000 || i < qubits; i++) {
      uint32_t q = i % qubits;
      must(zcz_circuit_gate(circuit, 0, ZCZ_GATE_U3, 0, &q, angles, &error), &error);
    }
    for (int format = ZCZ_DRAW_SVG; format <= ZCZ_DRAW_PDF; format++) {
      zcz_draw_options options = {.format = (zcz_draw_format)format, .path = path};
      options.max_operations = qubits == 1 && format == ZCZ_DRAW_SVG ? 6000 : 600;
      zcz_status status = zcz_draw_circuit(*state, circuit, &options, NULL, &error);
      if (qubits > 512)
        assert_int_equal(status, ZCZ_ERROR_UNABLE);
      else
        must(status, &error);
      if (format == ZCZ_DRAW_SVG && qubits <= 512) check_picture(ZCZ_DRAW_SVG, path);
    }
    zcz_circuit_free(circuit);
  }
  unlink(path);
}

static void test_options(void **state) {
  zcz_error error = {0};
  zcz_draw_format format;
  char *text;
  zcz_draw_options narrow = {.columns = 39}, nowhere = {.format = ZCZ_DRAW_SVG},
                   many = {.max_operations = 20001};
  zcz_circuit *circuit = sample_circuit(*state, &error);
  assert_int_equal(zcz_draw_circuit(*state, circuit, &narrow, &text, &error), ZCZ_ERROR_USAGE);
  assert_int_equal(zcz_draw_circuit(*state, circuit, &nowhere, &text, &error), ZCZ_ERROR_USAGE);
  assert_int_equal(zcz_draw_circuit(*state, circuit, &many, &text, &error), ZCZ_ERROR_USAGE);
  assert_int_equal(zcz_draw_circuit(*state, circuit, NULL, NULL, &error), ZCZ_ERROR_USAGE);
  assert_int_equal(zcz_draw_format_of("a.svg/b", &format, &error), ZCZ_ERROR_USAGE);
  assert_int_equal(zcz_draw_format_of("picture.gif", &format, &error), ZCZ_ERROR_USAGE);
  zcz_circuit_free(circuit);
}

static void test_each_allocation_may_fail(void **state) {
  (void)state;
  static const char *const labels[] = {"0", "1"};
  static const uint64_t counts[] = {3, 5};
  bool done = false;
  for (uint64_t n = 1; !done && n < 500; n++) {
    zcz_context *context = new_context(n);
    zcz_error error = {0};
    char *text = NULL;
    if (!context) continue;
    zcz_status status = ZCZ_ERROR_UNABLE;
    zcz_draw_options svg = {.format = ZCZ_DRAW_SVG, .path = "/dev/null"};
    zcz_circuit *circuit = sample_circuit(context, &error);
    if (circuit) status = zcz_draw_circuit(context, circuit, NULL, &text, &error);
    zcz_draw_free(context, text);
    text = NULL;
    if (!status) status = zcz_draw_circuit(context, circuit, &svg, NULL, &error);
    if (!status) status = zcz_draw_chip(context, &small_chip, NULL, NULL, &text, &error);
    zcz_draw_free(context, text);
    text = NULL;
    if (!status) status = zcz_draw_histogram(context, 2, labels, counts, NULL, &text, &error);
    zcz_draw_free(context, text);
    assert_true(status == ZCZ_OK || status == ZCZ_ERROR_UNABLE);
    done = status == ZCZ_OK;
    if (circuit) zcz_circuit_free(circuit);
    assert_int_equal(zcz_memory_in_use(context), 0);
    zcz_context_free(context);
  }
  assert_true(done);
}

static void test_utf8(void **state) {
  (void)state;
  char text[64];
  assert_int_equal(zcz_utf8_width("aπ中é"), 5);
  assert_int_equal(zcz_utf8_width("e\xcc\x81"), 1);
  zcz_utf8_fit("abcdef", 4, text, sizeof text);
  assert_string_equal(text, "abc…");
  zcz_utf8_fit("ab\x1b\xff\xc0\x80", 10, text, sizeof text);
  assert_string_equal(text, "ab����");
  zcz_utf8_fit("中中中", 5, text, sizeof text);
  assert_string_equal(text, "中中…");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_utf8),
      cmocka_unit_test(test_circuit_text),
      cmocka_unit_test(test_empty_circuit),
      cmocka_unit_test(test_histogram_text),
      cmocka_unit_test(test_chip_text),
      cmocka_unit_test(test_files),
      cmocka_unit_test(test_large),
      cmocka_unit_test(test_options),
      cmocka_unit_test(test_each_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
