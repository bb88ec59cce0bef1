# SPDX-License-Identifier: BSL-1.0
# find_package(emptor COMPONENTS ...) with
#   headers  emptor::headers                  the templates; needs Boost, Eigen and Random123
#   emptor   emptor::emptor                   the compiled C++ library, with the headers
#   c        emptor::c, emptor::c_static      the C ABI; needs nothing else
# Without components: all that were installed.
set(_emptor_components ${emptor_FIND_COMPONENTS})
if(NOT _emptor_components)
  foreach(_emptor_component headers emptor c)
    if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/emptor-${_emptor_component}.cmake)
      list(APPEND _emptor_components ${_emptor_component})
    endif()
  endforeach()
endif()
if("emptor" IN_LIST _emptor_components)
  list(PREPEND _emptor_components headers)
  list(REMOVE_DUPLICATES _emptor_components)
endif()

include(CMakeFindDependencyMacro)
find_dependency(Threads)
if("headers" IN_LIST _emptor_components)
  list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
  find_dependency(Boost 1.81)
  find_dependency(Eigen3 3.4 NO_MODULE)
  find_dependency(Random123)
  list(POP_BACK CMAKE_MODULE_PATH)
endif()
foreach(_emptor_component IN LISTS _emptor_components)
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/emptor-${_emptor_component}.cmake)
    include(${CMAKE_CURRENT_LIST_DIR}/emptor-${_emptor_component}.cmake)
    set(emptor_${_emptor_component}_FOUND TRUE)
  elseif(emptor_FIND_REQUIRED_${_emptor_component})
    set(emptor_FOUND FALSE)
    set(emptor_NOT_FOUND_MESSAGE "emptor has no component ${_emptor_component} here")
  endif()
endforeach()
