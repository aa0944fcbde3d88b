#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "content/base/instant.hpp"
#include "content/merkle/merkle.hpp"

/// What the office signs about the list of all records that it accepted.
namespace riverlight::content {

/// The signed tree head of RFC 9162, 4.2.2: {"format":1,"at","office","root","signature","size"}, signed over
/// the canonical object without "signature". Who holds two heads of one office finds out whether the list
/// was changed between them (merkle::is_grown).
struct TreeHead {
    Instant at{};            ///< when it was signed, by the office's clock
    std::uint64_t size = 0;  ///< records in the list, at most 2^53
    merkle::Hash root;
    std::string office;  ///< its public key, hex
    std::string signature;
    friend bool operator==(const TreeHead&, const TreeHead&) = default;
};
/// Where a channel's publisher puts the office's head, below the channel's address: whoever reads the channel
/// finds out whether the office shows others the same list.
inline constexpr const char* published_head_file = "metadata/tree-head.json";
inline constexpr std::size_t longest_tree_head = 4U << 10;  ///< bytes

/// Signs the head; `office` and `signature` are set.
[[nodiscard]] TreeHead sign_tree_head(TreeHead head, const SigningKey& office_key);
[[nodiscard]] std::string write_tree_head(const TreeHead& head);
/// Throws Error unless it is well-formed and signed by `office_public_hex`.
[[nodiscard]] TreeHead parse_tree_head(std::string_view json, std::string_view office_public_hex);
/// A head of any office: throws Error, which begins with `where`, unless it is well-formed and signed by the
/// office that it names.
[[nodiscard]] TreeHead parse_any_tree_head(std::string_view json, const Where& where);
/// The same, from a file of at most longest_tree_head bytes; errors name the file.
[[nodiscard]] TreeHead read_tree_head(const std::string& file);

/// One record, as the list has it: by its hash, which is over all that the record says. Canonical
/// {"board","epoch","hash","seq"}.
[[nodiscard]] std::string tree_entry(const std::string& board, const std::string& epoch, std::int64_t seq,
                                     const std::string& record_hash);

}  // namespace riverlight::content
