#ifndef TESTS_SCHEMA_H
#define TESTS_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Holds `value` against a JSON Schema (draft 2020-12, the keywords that docs/result.schema.json uses; any other keyword
 * is an error, so that no rule is passed over). Returns true where it fits; else `message` says where and why. */
bool schema_fits(const json_t *schema, const json_t *value, char *message, size_t size);

#endif
