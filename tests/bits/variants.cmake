# SPDX-License-Identifier: BSL-1.0
# Compiles SOURCE as users of the headers do, with each compiler that is here, several flags, and as many rows at once as
# there are kinds of packs: all print the same. Each kind meets each compiler; not all meet all, for the time it takes. What
# is not forced into one function compiles in a third of the time; the kernels are forced, and bits/scores looks at them.
file(MAKE_DIRECTORY ${WORK})
file(STRINGS ${FLAGS} flags)
set(expected "")
foreach(variant
    "g++ -O0 one_row"
    "g++ -O3 two_registers"
    "g++ -O3 -march=native two_registers"
    "g++ -O3 -march=native -ffp-contract=fast one_register" # clang lets this flag overrule the source; the target sets it off
    "clang++-14 -O0 two_registers"
    "clang++-14 -O3 -DEMPTOR_VECTOR_PACKS=0 two_registers"
    "clang++-14 -O3 -march=native two_registers")
  separate_arguments(words UNIX_COMMAND "${variant}")
  list(POP_FRONT words compiler)
  list(POP_BACK words rows)
  find_program(found_${compiler} ${compiler})
  if(NOT found_${compiler})
    message(STATUS "${compiler} is not here: skipped")
    continue()
  endif()
  set(compile ${found_${compiler}} ${flags} ${words} -DEMPTOR_INLINE=inline -DROWS=${rows} ${SOURCE})
  execute_process(COMMAND ${compile} -o ${WORK}/variant RESULT_VARIABLE failed ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "${variant} does not compile:\n${said}")
  endif()
  execute_process(COMMAND ${WORK}/variant OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
  message(STATUS "${variant}:\n${printed}")
  if(printed MATCHES "fused" OR (expected AND NOT printed STREQUAL expected))
    message(FATAL_ERROR "${variant} gives other bits than\n${expected}")
  endif()
  set(expected "${printed}")
  if(variant MATCHES VECTOR_PACKS=0) # then none of our files has any
    execute_process(COMMAND ${compile} -E
      COMMAND awk "/^# [0-9]+ \"/ { ours = /\\/emptor\\// } ours && /vector_size|__m(128|256|512)|_mm[0-9]*_/ { print }"
      OUTPUT_VARIABLE vectors COMMAND_ERROR_IS_FATAL ANY)
    if(vectors)
      message(FATAL_ERROR "${variant} has vector types all the same:\n${vectors}")
    endif()
  endif()
endforeach()
