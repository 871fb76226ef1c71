# See CMakeLists.txt. Fails with the output of the step that failed.
function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(failed)
    message(FATAL_ERROR "${ARGN}\n${text}")
  endif()
  set(output "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${FOLDER}")
step(${CMAKE_COMMAND} --install "${BUILD}" --component ratings --prefix "${FOLDER}/prefix")

# Every header compiles alone, without what is not installed and without Eigen.
file(GLOB_RECURSE headers RELATIVE "${FOLDER}/prefix/include/agon"
     "${FOLDER}/prefix/include/agon/*.hpp")
set(includes "")
foreach(header IN LISTS headers)
  file(READ "${FOLDER}/prefix/include/agon/${header}" text)
  if(text MATCHES "#include <Eigen")
    message(FATAL_ERROR "${header} asks its users for Eigen")
  endif()
  string(MAKE_C_IDENTIFIER "${header}" unit)
  file(WRITE "${FOLDER}/headers/${unit}.cpp" "#include \"${header}\"\n")
endforeach()

step(${CMAKE_COMMAND} -S "${CONSUMER}" -B "${FOLDER}/build" -G Ninja
     "-DCMAKE_PREFIX_PATH=${FOLDER}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}"
     "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DHEADERS=${FOLDER}/headers")
step(${CMAKE_COMMAND} --build "${FOLDER}/build")
step("${FOLDER}/build/board")
if(NOT output STREQUAL "D 2.270\nB 1.043\nC 0.660\nA 0.640\n")
  message(FATAL_ERROR "The board is not that of the example:\n${output}")
endif()
file(REMOVE_RECURSE "${FOLDER}")
