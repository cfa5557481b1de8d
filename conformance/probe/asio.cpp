// Compiles Asio and Beast for the program; whoever links the library beside a server has them already.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
