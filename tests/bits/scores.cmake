# SPDX-License-Identifier: BSL-1.0
# Runs PROGRAM on every instruction set that the machine has, and on a C library that must do without FMA and AVX2; with
# ONCE, for builds of one instruction set, on that. With BATCHES it scores in batches of all sizes on all numbers of threads
# besides. All print what stands in EXPECTED, as every compiler, flag and machine does. With the environment variable
# EMPTOR_GOLDEN_UPDATE the file is written anew: whoever changes a formula or adds an entry says so by changing it.
if(DEFINED ENV{EMPTOR_GOLDEN_UPDATE})
  execute_process(COMMAND ${PROGRAM} OUTPUT_FILE ${EXPECTED} COMMAND_ERROR_IS_FATAL ANY)
endif()
file(READ ${EXPECTED} expected)
set(settings EMPTOR_FORCE_ISA=baseline)
if(NOT ONCE)
  list(APPEND settings EMPTOR_FORCE_ISA=avx2 EMPTOR_FORCE_ISA=avx512
    GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2,-AVX2_Usable,-FMA_Usable)
endif()
set(ran "")
foreach(setting IN LISTS settings)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env ${setting} ${PROGRAM} ${BATCHES}
    OUTPUT_VARIABLE printed ERROR_VARIABLE set RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${setting}: ${failed}\n${printed}${set}")
  endif()
  string(STRIP "${set}" set)
  list(APPEND ran ${set})
  if(NOT printed STREQUAL expected)
    message(FATAL_ERROR "${setting} gives other bits:\n${printed}\nthan stand in ${EXPECTED}:\n${expected}")
  endif()
endforeach()
list(REMOVE_DUPLICATES ran)
list(LENGTH ran count)
message(STATUS "instruction sets that ran: ${ran}")
if(count LESS 3 AND NOT ONCE)
  message(STATUS "these are fewer than three: this machine lacks the others")
endif()
message("${expected}")
