# zcz_embed(LIST ROOM FOLDER SUFFIX): every FOLDER/*.SUFFIX becomes part of the library; src/ROOM/builtin.h declares
# zcz_builtin_ROOM_files(), which lists them by the names they have without the suffix.
# The assembler takes the bytes from the file itself: no tool is needed, and no size is a problem.
function(zcz_embed list room folder suffix)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.${suffix})
  list(SORT files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files}) # the sizes below stay true
  set(blobs "")
  set(rows "")
  list(LENGTH files count)
  foreach(file ${files})
    cmake_path(GET file STEM LAST_ONLY name)
    string(MAKE_C_IDENTIFIER "zcz_builtin_${room}_${name}" symbol)
    file(SIZE ${file} size)
    string(APPEND blobs "extern const unsigned char ${symbol}[];\n"
      "__asm__(\".pushsection .rodata\\n.balign 16\\n.globl ${symbol}\\n.hidden ${symbol}\\n${symbol}:\\n\"\n"
      "        \".incbin \\\"${file}\\\", 0, ${size}\\n.byte 0\\n.popsection\\n\");\n")
    string(APPEND rows "  {\"${name}\", ${symbol}, ${size}},\n")
  endforeach()
  set(generated ${PROJECT_BINARY_DIR}/generated/${room}_builtin.c)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"/* Made by cmake/Embed.cmake from the .${suffix} files of ${folder}/. */
#include \"${room}/builtin.h\"

${blobs}
static const struct zcz_builtin_file files[] = {
${rows}  {0},
};

const struct zcz_builtin_file *zcz_builtin_${room}_files(size_t *count)
{
  *count = ${count};
  return files;
}
")
  set_source_files_properties(${generated} PROPERTIES OBJECT_DEPENDS "${files}")
  set(${list} ${${list}} ${generated} PARENT_SCOPE)
endfunction()
