# Everything comes from Debian; deploy/setup.sh installs it. Third-party headers are system headers: no warnings from them.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
find_package(RocksDB REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(PkgConfig REQUIRED)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)

add_library(leerspoor_boost INTERFACE)
target_link_libraries(leerspoor_boost INTERFACE Boost::headers Boost::json Boost::url Threads::Threads)
target_compile_definitions(leerspoor_boost INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_BEAST_SEPARATE_COMPILATION)
