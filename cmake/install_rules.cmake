# SPDX-License-Identifier: BSL-1.0
# One export set per component of find_package(emptor): headers, emptor (compiled C++) and c. The components of `cmake
# --install` are what makes packages: runtime, development, tool.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/emptor)

function(install_component component)
  install(TARGETS ${ARGN} EXPORT emptor-${component}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
  install(EXPORT emptor-${component} NAMESPACE emptor:: FILE emptor-${component}.cmake DESTINATION ${package_dir}
    COMPONENT development)
endfunction()

install_component(headers emptor_headers)
if(TARGET emptor_cxx)
  install_component(emptor emptor_cxx)
endif()
if(TARGET emptor_c)
  install_component(c emptor_c emptor_c_static)
endif()
if(TARGET emptor_tool)
  install(TARGETS emptor_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
endif()

write_basic_package_version_file(emptorConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/emptorConfig.cmake cmake/FindRandom123.cmake ${CMAKE_CURRENT_BINARY_DIR}/emptorConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT development)

cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
  BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig OUTPUT_VARIABLE up_to_prefix)
foreach(name emptor emptor-c)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endforeach()
