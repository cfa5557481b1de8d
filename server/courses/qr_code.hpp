// QR codes (ISO/IEC 18004), of links for a classroom.
#pragma once

#include <string>
#include <string_view>

namespace leerspoor::server::courses {

// An image, with the quiet zone around it, black on white. "": the text is too long for a QR code.
std::string qr_svg(std::string_view text);
// For a terminal, two rows a line.
std::string qr_text(std::string_view text);

} // namespace leerspoor::server::courses
