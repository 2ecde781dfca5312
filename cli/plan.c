/* How a plan is told. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "cli/cli.h"

static json_t *accuracy_json(zcz_accuracy accuracy) {
  switch (accuracy.kind) {
  case ZCZ_ACCURACY_EXACT: return json_pack("{s:s}", "kind", "exact");
  case ZCZ_ACCURACY_BOUNDED:
    return json_pack("{s:s, s:f, s:s}", "kind", "bounded", "bound", accuracy.value, "of",
                     accuracy.of);
  case ZCZ_ACCURACY_ESTIMATED:
    return json_pack("{s:s, s:f}", "kind", "estimated", "error", accuracy.value);
  }
  return NULL;
}

static json_t *row_json(const zcz_plan_row *row) {
  json_t *line =
      json_pack("{s:s, s:b, s:s}", "engine", row->engine, "able", row->able, "reason", row->reason);
  json_object_set_new(line, "accuracy", row->able ? accuracy_json(row->accuracy) : json_null());
  json_object_set_new(line, "bytes",
                      row->bytes > INT64_MAX ? json_null() : json_integer((json_int_t)row->bytes));
  json_object_set_new(line, "seconds",
                      isfinite(row->seconds) && row->seconds < 1e299 ? json_real(row->seconds)
                                                                     : json_null());
  return line;
}

int cli_print_plan_json(cli_settings *s, const zcz_plan *plan, const char *path) {
  json_t *object = cli_envelope(s, true), *engines = json_array();
  for (uint32_t i = 0; i < plan->num_rows; i++)
    json_array_append_new(engines, row_json(&plan->rows[i]));
  json_object_set_new(object, "engines", engines);
  json_object_set_new(object, "chosen",
                      plan->chosen[0] != 0 ? json_string(plan->chosen) : json_null());
  return cli_write_json(s, object, path);
}

void cli_print_plan(const zcz_plan *plan) {
  static const char *const kinds[] = {"exact", "bounded", "estimated"};
  if (plan->num_parts > 1)
    printf("%u groups of qubits that never interact, the widest of %u qubit%s\n", plan->num_parts,
           plan->widest_part, plan->widest_part == 1 ? "" : "s");
  else
    printf("%u qubit%s to simulate\n", plan->widest_part, plan->widest_part == 1 ? "" : "s");
  printf("%-12s %-5s %-10s %-10s %-10s %s\n", "engine", "able", "accuracy", "memory", "time",
         "why");
  for (uint32_t i = 0; i < plan->num_rows; i++) {
    const zcz_plan_row *row = &plan->rows[i];
    char bytes[32] = "-", seconds[32] = "-";
    if (row->able) cli_describe_bytes(row->bytes, bytes, sizeof bytes);
    if (row->able) cli_describe_seconds(row->seconds, seconds, sizeof seconds);
    printf("%-12s %-5s %-10s %-10s %-10s %s%s\n", row->engine, row->able ? "yes" : "no",
           row->able ? kinds[row->accuracy.kind] : "-", bytes, seconds, row->reason,
           row->able && !row->fits ? "; more than the memory limit" : "");
  }
  printf("chosen: %s\n", plan->chosen[0] != 0 ? plan->chosen : "none");
}
