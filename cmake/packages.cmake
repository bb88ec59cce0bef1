# SPDX-License-Identifier: BSL-1.0
# The source package of every build (`cpack --config CPackSourceConfig.cmake`), and Debian packages from a build for /usr, which
# the preset `packages` makes. The library is named by its soname, and so by the major version of the ABI.
set(CPACK_PACKAGE_NAME ${PROJECT_NAME})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "emptor maintainers")
set(CPACK_PACKAGE_CONTACT "emptor maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_PACKAGE_FILE_NAME ${PROJECT_NAME}-${PROJECT_VERSION})
set(CPACK_SOURCE_IGNORE_FILES
  "^${PROJECT_SOURCE_DIR}/build" "/[.]git(/|$)" "/[.]cache/" "/__pycache__/" "/compile_commands[.]json$"
  "/CMakeUserPresets[.]json$" "/python/emptor/[^/]*[.](pyi|so)$") # as .gitignore says

if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" AND TARGET emptor_c)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_COMPONENTS_GROUPING IGNORE)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

  set(about "It tells an ERP or CRM what its customers are worth, how satisfied and loyal
they are, and how much credit they can carry.")
  # debian_package(COMPONENT NAME SECTION SUMMARY TEXT [FIELD VALUE...])
  macro(debian_package component name section summary text)
    string(TOUPPER ${component} upper)
    list(APPEND CPACK_COMPONENTS_ALL ${component})
    set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
    set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
    set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary}\n${about}\n.\n${text}")
    set(fields ${ARGN})
    while(fields)
      list(POP_FRONT fields field value)
      set(CPACK_DEBIAN_${upper}_PACKAGE_${field} "${value}")
    endwhile()
    # Debian wants both in the folder of each package; an install by hand does without.
    install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} RENAME copyright
      COMPONENT ${component} EXCLUDE_FROM_ALL)
    install(FILES ${PROJECT_BINARY_DIR}/debian/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name}
      COMPONENT ${component} EXCLUDE_FROM_ALL)
  endmacro()

  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/debian)
  execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/CHANGELOG.md OUTPUT_FILE ${PROJECT_BINARY_DIR}/debian/changelog.gz
    COMMAND_ERROR_IS_FATAL ANY)

  set(library libemptor${abi_major})
  debian_package(runtime ${library} libs "customer analytics: shared library with a C interface"
    "This package holds the shared library." MULTIARCH same)
  # What links it needs this version or a newer one; and the loader learns of it.
  file(WRITE ${PROJECT_BINARY_DIR}/debian/shlibs "libemptor ${abi_major} ${library} (>= ${PROJECT_VERSION})\n")
  file(WRITE ${PROJECT_BINARY_DIR}/debian/triggers "activate-noawait ldconfig\n")
  set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/shlibs ${PROJECT_BINARY_DIR}/debian/triggers)
  debian_package(development libemptor-dev libdevel "customer analytics: files for development in C and C++"
    "This package holds the C header, the C++20 templates, the static libraries, and\nwhat CMake and pkg-config want to know."
    MULTIARCH same
    DEPENDS "${library} (= ${PROJECT_VERSION}), libboost1.81-dev | libboost-dev (>= 1.81), libeigen3-dev (>= 3.4), librandom123-dev")
  if(TARGET emptor_tool)
    # Said here too, because a Boost that setup.sh has unpacked belongs to no package of the machine.
    if(NOT Boost_DIR MATCHES "^/usr/")
      set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${Boost_DIR}/../..")
    endif()
    debian_package(tool emptor utils "customer analytics: command-line tool"
      "This package holds the tool emptor, which does it for CSV files."
      DEPENDS "libboost-program-options${Boost_VERSION_STRING}")
    set(page ${PROJECT_BINARY_DIR}/debian/emptor.1)
    add_custom_command(OUTPUT ${page}.gz DEPENDS emptor_tool cmake/man_page.cmake
      COMMAND ${CMAKE_COMMAND} -DTOOL=$<TARGET_FILE:emptor_tool> -DPAGE=${page} -P ${PROJECT_SOURCE_DIR}/cmake/man_page.cmake)
    add_custom_target(emptor_man_page ALL DEPENDS ${page}.gz)
    install(FILES ${page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tool EXCLUDE_FROM_ALL)
  endif()
  set(from ${PROJECT_SOURCE_DIR}/capi/languages/python)
  if(EXISTS ${from}/emptor)
    debian_package(python python3-emptor python "customer analytics: Python 3 module"
      "This package holds the Python module, over numpy, pandas, polars and pyarrow."
      ARCHITECTURE all DEPENDS "python3 (>= 3.9), python3-numpy, ${library} (>= ${PROJECT_VERSION})"
      SUGGESTS "python3-pandas")
    # The files of the module, the type stubs of what the library can do, and what pip knows a package by. The module takes
    # the machine's library where none lies beside it.
    set(python ${PROJECT_BINARY_DIR}/debian/python)
    add_custom_target(emptor_python_files ALL DEPENDS emptor_c WORKING_DIRECTORY ${from} VERBATIM
      COMMAND ${CMAKE_COMMAND} -E rm -rf ${python}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${python}/emptor
      COMMAND python3 -B -c "import build_backend as wheel; wheel._stubs('$<TARGET_FILE:emptor_c>', '${python}/emptor')"
      COMMAND python3 -B -c "import build_backend as wheel; wheel.prepare_metadata_for_build_wheel('${python}')")
    install(DIRECTORY ${from}/emptor ${python}/ DESTINATION lib/python3/dist-packages
      COMPONENT python EXCLUDE_FROM_ALL FILES_MATCHING PATTERN "*.py" PATTERN py.typed PATTERN METADATA
      PATTERN __pycache__ EXCLUDE)
    install(DIRECTORY ${python}/emptor DESTINATION lib/python3/dist-packages
      COMPONENT python EXCLUDE_FROM_ALL FILES_MATCHING PATTERN "*.pyi")
  endif()

  # CPack strips programs and shared libraries only.
  install(CODE "file(GLOB archives \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/*.a\")
    execute_process(COMMAND \"${CMAKE_STRIP}\" --strip-debug --enable-deterministic-archives \${archives} COMMAND_ERROR_IS_FATAL ANY)"
    COMPONENT development EXCLUDE_FROM_ALL)
endif()
include(CPack)
