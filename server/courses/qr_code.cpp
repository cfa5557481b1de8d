#include "server/courses/qr_code.hpp"

#include <memory>
#include <qrencode.h>

namespace leerspoor::server::courses {
namespace {

constexpr int quiet = 4;

class Code {
  public:
    explicit Code(std::string_view text)
        : code_(QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M)) {}
    bool good() const { return code_ != nullptr; }
    int width() const { return code_->width; }
    bool is_dark(int x, int y) const {
        if (x < 0 || y < 0 || x >= width() || y >= width()) return false;
        return (code_->data[y * width() + x] & 1) != 0;
    }

  private:
    struct Free {
        void operator()(QRcode* code) const { QRcode_free(code); }
    };
    std::unique_ptr<QRcode, Free> code_;
};

} // namespace

std::string qr_svg(std::string_view text) {
    const Code code(text);
    if (!code.good()) return "";
    const auto size = std::to_string(code.width() + 2 * quiet);
    std::string path;
    for (int y = 0; y < code.width(); ++y) {
        for (int x = 0; x < code.width(); ++x) {
            if (code.is_dark(x, y))
                path += "M" + std::to_string(x + quiet) + "," + std::to_string(y + quiet) + "h1v1h-1z";
        }
    }
    return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + size + " " + size +
           R"(" shape-rendering="crispEdges"><path fill="#fff" d="M0,0h)" + size + "v" + size + "h-" + size +
           R"(z"/><path fill="#000" d=")" + path + R"("/></svg>)";
}

std::string qr_text(std::string_view text) {
    const Code code(text);
    if (!code.good()) return "";
    std::string lines;
    for (int y = -2; y < code.width() + 2; y += 2) {
        for (int x = -2; x < code.width() + 2; ++x) {
            const bool upper = code.is_dark(x, y);
            const bool lower = code.is_dark(x, y + 1);
            lines += upper && lower ? " " : upper ? "\u2584" : lower ? "\u2580" : "\u2588";
        }
        lines += "\n";
    }
    return lines;
}

} // namespace leerspoor::server::courses
