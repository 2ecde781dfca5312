/* A small JSON Schema validator. See schema.h. */
#include "schema.h"

#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

struct check {
  const json_t *root;
  char *message;
  size_t size;
  char place[1024]; /* a JSON pointer to the value at hand */
  int depth;
};

static bool fits(struct check *check, const json_t *schema, const json_t *value);

__attribute__((format(printf, 2, 3))) static bool no(struct check *check, const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  snprintf(check->message, check->size, "%s: %s", check->place[0] ? check->place : "/", text);
  return false;
}

/* The same check on a part of the value, with the place told. */
static bool part_fits(struct check *check, const json_t *schema, const json_t *value,
                      const char *name) {
  size_t length = strlen(check->place);
  snprintf(check->place + length, sizeof check->place - length, "/%s", name);
  bool good = fits(check, schema, value);
  check->place[length] = 0;
  return good;
}

static bool has_type(const char *type, const json_t *value) {
  if (!strcmp(type, "object")) return json_is_object(value);
  if (!strcmp(type, "array")) return json_is_array(value);
  if (!strcmp(type, "string")) return json_is_string(value);
  if (!strcmp(type, "number")) return json_is_number(value);
  if (!strcmp(type, "integer")) return json_is_integer(value);
  if (!strcmp(type, "boolean")) return json_is_boolean(value);
  if (!strcmp(type, "null")) return json_is_null(value);
  return false;
}

static bool matches(const char *pattern, const char *text) {
  regex_t regex;
  if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB)) return false;
  bool good = regexec(&regex, text, 0, NULL, 0) == 0;
  regfree(&regex);
  return good;
}

static bool check_type(struct check *check, const json_t *rule, const json_t *value) {
  if (json_is_string(rule))
    return has_type(json_string_value(rule), value) ||
           no(check, "is no %s", json_string_value(rule));
  size_t i;
  json_t *one;
  json_array_foreach(rule, i, one) if (has_type(json_string_value(one), value)) return true;
  return no(check, "has none of the types allowed");
}

static bool check_object(struct check *check, const json_t *schema, const json_t *object) {
  size_t i;
  json_t *name, *value, *rule;
  const char *key;
  const json_t *properties = json_object_get(schema, "properties");
  const json_t *others = json_object_get(schema, "additionalProperties");
  const json_t *names = json_object_get(schema, "propertyNames");
  json_array_foreach(json_object_get(schema, "required"), i, name) {
    if (!json_object_get(object, json_string_value(name)))
      return no(check, "lacks \"%s\"", json_string_value(name));
  }
  json_object_foreach((json_t *)object, key, value) {
    if (names) {
      json_t *text = json_string(key);
      bool good = fits(check, names, text);
      json_decref(text);
      if (!good) return false;
    }
    rule = json_object_get(properties, key);
    if (!rule && others && json_is_false(others)) return no(check, "has an unknown \"%s\"", key);
    if (!rule) rule = (json_t *)others;
    if (rule && json_is_object(rule) && !part_fits(check, rule, value, key)) return false;
  }
  return true;
}

static bool check_array(struct check *check, const json_t *schema, const json_t *array) {
  size_t i;
  json_t *value;
  const json_t *items = json_object_get(schema, "items");
  const json_t *least = json_object_get(schema, "minItems");
  const json_t *most = json_object_get(schema, "maxItems");
  if (least && json_array_size(array) < (size_t)json_integer_value(least))
    return no(check, "has too few items");
  if (most && json_array_size(array) > (size_t)json_integer_value(most))
    return no(check, "has too many items");
  if (!items) return true;
  json_array_foreach(array, i, value) {
    char name[32];
    snprintf(name, sizeof name, "%zu", i);
    if (!part_fits(check, items, value, name)) return false;
  }
  return true;
}

static bool check_value(struct check *check, const json_t *schema, const json_t *value) {
  const json_t *rule = json_object_get(schema, "const");
  if (rule && !json_equal(rule, value)) return no(check, "is not the constant asked for");
  if ((rule = json_object_get(schema, "enum"))) {
    size_t i;
    json_t *one;
    bool found = false;
    json_array_foreach(rule, i, one) found |= json_equal(one, value);
    if (!found) return no(check, "is none of the values allowed");
  }
  if (json_is_number(value)) {
    double number = json_number_value(value);
    rule = json_object_get(schema, "minimum");
    if (rule && number < json_number_value(rule))
      return no(check, "%g is below %g", number, json_number_value(rule));
    rule = json_object_get(schema, "maximum");
    if (rule && number > json_number_value(rule))
      return no(check, "%g is above %g", number, json_number_value(rule));
  }
  rule = json_object_get(schema, "pattern");
  if (rule && json_is_string(value) && !matches(json_string_value(rule), json_string_value(value)))
    return no(check, "\"%.80s\" does not match %s", json_string_value(value),
              json_string_value(rule));
  return true;
}

static const json_t *resolve(const json_t *root, const char *reference) {
  const char *prefix = "#/$defs/";
  if (strncmp(reference, prefix, strlen(prefix))) return NULL;
  return json_object_get(json_object_get(root, "$defs"), reference + strlen(prefix));
}

/* The alternative is for results of the value's own verb, which tells those of the command apart. */
static bool same_verb(struct check *check, const json_t *rule, const json_t *value) {
  const char *reference = json_string_value(json_object_get(rule, "$ref"));
  if (reference) rule = resolve(check->root, reference);
  const json_t *verb = json_object_get(json_object_get(rule, "properties"), "verb");
  return verb && json_equal(json_object_get(verb, "const"), json_object_get(value, "verb"));
}

/* Exactly one of the alternatives fits. Where none does, the message is that of the one for the same verb. */
static bool check_one_of(struct check *check, const json_t *rules, const json_t *value) {
  size_t i;
  json_t *rule;
  int count = 0;
  char best[1024] = "/: fits none of the alternatives";
  json_array_foreach(rules, i, rule) {
    if (fits(check, rule, value))
      count++;
    else if (same_verb(check, rule, value))
      snprintf(best, sizeof best, "%s", check->message);
  }
  if (count == 1) return true;
  if (count) return no(check, "fits %d alternatives", count);
  snprintf(check->message, check->size, "%s", best);
  return false;
}

static bool keywords_known(struct check *check, const json_t *schema) {
  static const char *const known[] = {
      "$schema",  "$id",      "$defs",         "$ref",  "title",    "description",
      "type",     "required", "properties",    "items", "minItems", "additionalProperties",
      "maxItems", "const",    "propertyNames", "enum",  "minimum",  "maximum",
      "pattern",  "oneOf"};
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)schema, key, value) {
    bool found = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) found |= !strcmp(known[i], key);
    if (!found) return no(check, "the schema has an unknown keyword \"%s\"", key);
  }
  return true;
}

static bool fits(struct check *check, const json_t *schema, const json_t *value) {
  if (check->depth >= MAX_DEPTH) return no(check, "is nested too deeply");
  check->depth++;
  const json_t *rule;
  bool good = keywords_known(check, schema);
  if (good && (rule = json_object_get(schema, "$ref"))) {
    const json_t *target = resolve(check->root, json_string_value(rule));
    good = target ? fits(check, target, value)
                  : no(check, "the schema has no %s", json_string_value(rule));
  }
  if (good && (rule = json_object_get(schema, "type"))) good = check_type(check, rule, value);
  if (good) good = check_value(check, schema, value);
  if (good && json_is_object(value)) good = check_object(check, schema, value);
  if (good && json_is_array(value)) good = check_array(check, schema, value);
  if (good && (rule = json_object_get(schema, "oneOf"))) good = check_one_of(check, rule, value);
  check->depth--;
  return good;
}

bool schema_fits(const json_t *schema, const json_t *value, char *message, size_t size) {
  struct check check = {.root = schema, .message = message, .size = size};
  message[0] = 0;
  return fits(&check, schema, value);
}
