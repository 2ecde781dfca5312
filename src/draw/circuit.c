#include "draw/layout.h"

zcz_status zcz_draw_circuit(zcz_context *context, const zcz_circuit *circuit,
                            const zcz_draw_options *options, char **text, zcz_error *error) {
  zcz_draw_options settled;
  zcz_output output = {.context = context};
  zcz_layout *layout;
  ZCZ_TRY(zcz_draw_settle(options, text, &settled, error));
  ZCZ_TRY(zcz_layout_new(circuit, &settled, &layout, error));
  zcz_status status = settled.format == ZCZ_DRAW_TEXT
                          ? zcz_circuit_as_text(layout, &settled, &output, error)
                          : zcz_circuit_as_page(layout, &settled, &output, error);
  zcz_layout_free(layout);
  if (status == ZCZ_OK) return zcz_output_deliver(&output, &settled, text, error);
  zcz_output_release(&output);
  return status;
}
