# A short run must end well and leave JSON that names every work it was asked for.
set(works get-id page-agent-verb page-since ask-verbs ask-funnel post-1 post-32 batch-50)
list(JOIN works "," names)
execute_process(
  COMMAND ${BENCH} run --statements 500 --seconds 0.2 --work ${names} --server ${SERVER} --work-dir ${FOLDER}
    --json ${FOLDER}/smoke.json
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(NOT status EQUAL 0)
  message(FATAL_ERROR "leerspoor-bench ended with status ${status}")
endif()

file(READ ${FOLDER}/smoke.json json)
string(JSON count ERROR_VARIABLE error LENGTH "${json}" works)
list(LENGTH works wanted)
if(NOT count EQUAL wanted)
  message(FATAL_ERROR "the report names ${count} works instead of ${wanted}: ${error}")
endif()
math(EXPR last "${count} - 1")
foreach(index RANGE ${last})
  string(JSON name GET "${json}" works ${index} work)
  string(JSON requests GET "${json}" works ${index} server requests)
  if(requests EQUAL 0)
    message(FATAL_ERROR "nothing was measured of ${name}")
  endif()
endforeach()
