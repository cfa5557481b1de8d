#include "server/app/launched.hpp"

#include "spec/base/ascii.hpp"

namespace leerspoor::server {

// A key and its secret in base64 have no dot.
bool Launched::is_credentials(std::string_view authorization) {
    return spec::starts_with_but_for_case(authorization, "basic ") &&
           authorization.find('.') != std::string_view::npos;
}

} // namespace leerspoor::server
