/* See conform.h. */
#include "conform.h"

#include <dirent.h>

double conform_tolerance(zcz_precision precision) {
  return precision == ZCZ_PRECISION_DOUBLE ? 1e-10 : 1e-5;
}

zcz_context *conform_context(int threads, zcz_isa isa) {
  zcz_context *context;
  zcz_context_options options = {.threads = threads, .isa = isa, .memory_limit = 2ull << 30};
  OK(zcz_context_new(&options, &context, e));
  return context;
}

void conform_close(zcz_context *context) {
  assert_int_equal(zcz_memory_in_use(context), 0);
  zcz_context_free(context);
}

zcz_circuit *conform_program(zcz_context *context, const char *text) {
  zcz_circuit *circuit;
  OK(zcz_program_read(context, ZCZ_LANGUAGE_QASM3, "program", text, strlen(text), NULL, &circuit,
                      e));
  return circuit;
}

struct oracle_distribution conform_probabilities(const zcz_result *result) {
  struct oracle_distribution all = {.count = zcz_result_num_probabilities(result)};
  char *key = malloc(zcz_result_num_bits(result) + 1);
  all.keys = calloc(all.count + 1, sizeof *all.keys);
  all.probabilities = calloc(all.count + 1, sizeof *all.probabilities);
  if (key == NULL || all.keys == NULL || all.probabilities == NULL) abort();
  for (size_t i = 0; i < all.count; i++) {
    all.probabilities[i] = zcz_result_probability(result, i, key);
    for (const char *c = key; *c; c++) all.keys[i] = all.keys[i] << 1 | (uint64_t)(*c == '1');
  }
  free(key);
  return all;
}

uint64_t conform_count(const zcz_result *result, const char *key) {
  char *each = malloc(zcz_result_num_bits(result) + 1);
  uint64_t count = 0;
  if (each == NULL) abort();
  for (size_t i = 0; i < zcz_result_num_counts(result); i++) {
    uint64_t n = zcz_result_count(result, i, each);
    if (strcmp(each, key) == 0) count = n;
  }
  free(each);
  return count;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Reads one program, and gives it to the check where it is of the wanted size. */
static void one_program(zcz_context *context, const char *path, const char *name, uint32_t qubits,
                        double least, double most, conform_check *check) {
  FILE *file = fopen(path, "rb");
  char *text = malloc(1 << 20);
  if (file == NULL || text == NULL) fail_msg("%s cannot be read", path);
  const size_t size = fread(text, 1, 1 << 20, file);
  fclose(file);
  zcz_circuit *circuit;
  OK(zcz_program_read(context, ZCZ_LANGUAGE_QASM2, path, text, size, NULL, &circuit, e));
  free(text);
  const uint32_t width = zcz_circuit_num_qubits(circuit);
  const double work = width <= qubits ? ldexp((double)zcz_circuit_size(circuit), (int)width) : -1;
  if (work >= least && work < most) check(context, name, circuit);
  zcz_circuit_free(circuit);
}

size_t conform_qasmbench(zcz_context *context, uint32_t qubits, double least, double most,
                         conform_check *check) {
  const char *data = getenv("ZCZ_SHARED_DATA");
  char folder[512], path[1024], *names[256];
  size_t count = 0;
  snprintf(folder, sizeof folder, "%s/qasmbench", data ? data : "../shared/data");
  DIR *list = opendir(folder);
  if (list == NULL) {
    print_message("no %s: skipped\n", folder);
    return 0;
  }
  for (struct dirent *entry; (entry = readdir(list)) && count < 256;)
    if (strstr(entry->d_name, ".qasm")) names[count++] = strdup(entry->d_name);
  closedir(list);
  qsort(names, count, sizeof *names, by_name);
  for (size_t i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    one_program(context, path, names[i], qubits, least, most, check);
    free(names[i]);
  }
  return count;
}

void conform_probabilities_equal(const char *name, const zcz_circuit *circuit, const zcz_chip *chip,
                                 const struct oracle_distribution *expected) {
  static const zcz_precision precisions[] = {ZCZ_PRECISION_DOUBLE, ZCZ_PRECISION_SINGLE};
  static const char *const engines[] = {"statevector", NULL};
  for (int p = 0; p < 2; p++)
    for (int i = 0; i < 2; i++) {
      zcz_job_options options = {
          .engine = engines[i], .precision = precisions[p], .chip = chip, .probabilities = true};
      zcz_result *result;
      zcz_error error = {0};
      if (zcz_job_run(circuit, &options, &result, &error) != ZCZ_OK)
        fail_msg("%s, engine %s, %s: %s", name, i ? "auto" : engines[i],
                 chip ? chip->name : "no chip", error.message);
      struct oracle_distribution got = conform_probabilities(result);
      const double difference = oracle_difference(&got, expected);
      if (!(difference <= conform_tolerance(precisions[p])))
        fail_msg("%s, engine %s (%s), %s, %s precision: a probability is off by %g", name,
                 i ? "auto" : engines[i], zcz_result_engine(result), chip ? chip->name : "no chip",
                 p ? "single" : "double", difference);
      oracle_distribution_free(&got);
      zcz_result_free(result);
    }
}
