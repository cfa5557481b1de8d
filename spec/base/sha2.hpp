// SHA-2 of bytes that come piece by piece: how attachments are named (xAPI 1.0.3 Part Two 2.4.11, `sha2`).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st; // OpenSSL's

namespace leerspoor::spec {

// The whole text at once; some 0.3 us and 2 GB/s. Any thread.
std::array<std::uint8_t, 32> sha256(std::string_view text);

// In lower-case hex: what stands for a mailbox in mbox_sha1sum (xAPI 1.0.3 Part Two 2.4.2.3). Nothing else is
// to be entrusted to it.
std::string sha1_hex(std::string_view text);

// In lower-case hex (RFC 2104).
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

class Sha2 {
  public:
    // 224, 256, 384 or 512.
    explicit Sha2(unsigned bits);
    // The kind of SHA-2 that gives a digest of so many hexadecimal digits.
    static std::optional<Sha2> for_hex_length(std::size_t digits);

    void update(std::string_view bytes);
    // In lower-case hex. Once.
    std::string finish();

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

} // namespace leerspoor::spec
