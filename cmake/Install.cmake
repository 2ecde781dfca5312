# Command, library, headers, pkg-config and CMake packages, man pages, completions. All of it may be moved afterwards:
# no file holds the prefix.
include(CMakePackageConfigHelpers)
install(TARGETS zcz_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS zcz EXPORT zcz LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/zcz DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/zcz)
install(EXPORT zcz NAMESPACE zcz:: DESTINATION ${package_folder} FILE zcz-config.cmake)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/zcz-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/zcz-config-version.cmake DESTINATION ${package_folder})

file(RELATIVE_PATH ZCZ_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" ZCZ_PC_TO_PREFIX ${ZCZ_PC_TO_PREFIX})
configure_file(cmake/zcz.pc.in zcz.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/zcz.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(DIRECTORY ${PROJECT_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
install(FILES ${PROJECT_BINARY_DIR}/completions/zcz DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${PROJECT_BINARY_DIR}/completions/_zcz DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${PROJECT_BINARY_DIR}/completions/zcz.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
