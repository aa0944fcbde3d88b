#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/airing/batch_head.hpp"
#include "content/airing/record.hpp"
#include "content/base/crypto.hpp"
#include "content/base/error.hpp"

/// The batch that carries records to the office, and the receipt that comes back.
namespace riverlight::content {

/// The body of PUT /v1/boards/{board}/epochs/{epoch}/airings/{first}-{last}, at most 8 MiB before gzip:
/// {"format":1,"board","epoch","first","last","head","public_key","airings":[…],"signature"}; the signature
/// is over canonical {"board","epoch","first","format","head","last"} with the board's key, `head` the last
/// record's hash.
///
/// A record that the office cannot accept is set aside: in its place a batch of its own (`first` = `last`)
/// carries {"format":1,"board","epoch","seq","previous","hash","set_aside"}, `set_aside` being why, so that
/// the chain holds. Older offices refuse such a batch.
struct SetAside {
    std::string previous;
    std::string hash;
    std::string why;  ///< for people, at most 500 bytes
};
struct Batch : BatchHead {
    std::vector<AiringRecord> airings;
    std::optional<SetAside> set_aside;  ///< in place of the only airing
};
/// A batch of which one record is not acceptable.
struct BadRecord : Error {
    BadRecord(std::int64_t number, const std::string& why)
        : Error("seq " + std::to_string(number) + ": " + why), seq(number) {}
    std::int64_t seq;
};
[[nodiscard]] std::string write_batch(const Batch& batch, const SigningKey& key);
/// Parses and checks form, chain, head and numbering (not the signature: batch_head.hpp). Throws BadRecord
/// for the first record that is at fault, Error if the batch as a whole is.
[[nodiscard]] Batch parse_batch(std::string_view json);
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
