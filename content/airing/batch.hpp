#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "content/airing/record.hpp"
#include "content/base/crypto.hpp"

/// The batch that carries records to the office, and the receipt that comes back.
namespace riverlight::content {

/// The body of PUT /v1/boards/{board}/epochs/{epoch}/airings/{first}-{last}, at most 8 MiB before gzip:
/// {"format":1,"board","epoch","first","last","head","public_key","airings":[…],"signature"}; the signature
/// is over canonical {"board","epoch","first","format","head","last"} with the board's key, `head` the last
/// record's hash.
struct Batch {
    std::string board, epoch;
    std::int64_t first = 0, last = 0;
    std::string head;
    std::vector<AiringRecord> airings;
    std::string signature;
};
[[nodiscard]] std::string write_batch(const Batch& batch, const SigningKey& key);
/// Parses and checks form, chain, head and numbering (not the signature). Throws Error naming the first bad
/// seq.
[[nodiscard]] Batch parse_batch(std::string_view json);
[[nodiscard]] bool batch_signed_by(const Batch& batch, std::string_view public_hex);

/// The office's answer: {"format":1,"board","epoch","held","head","office","signature"}; `held` is the
/// highest seq held without a hole and `head` that record's hash; signed by the office's key over the
/// canonical object without "signature".
struct Receipt {
    std::string board, epoch;
    std::int64_t held = 0;
    std::string head;
    std::string office;  ///< office's public key, hex
    std::string signature;
};
[[nodiscard]] std::string write_receipt(const Receipt& receipt, const SigningKey& office_key);
/// Throws Error unless it is well-formed and signed by `office_public_hex`.
[[nodiscard]] Receipt parse_receipt(std::string_view json, std::string_view office_public_hex);

}  // namespace riverlight::content
