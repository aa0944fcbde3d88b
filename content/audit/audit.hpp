#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/audit/tree_head.hpp"
#include "content/merkle/merkle.hpp"

/// A board asks the office to prove that it still holds a record that it gave a receipt for, and that the
/// list only grew since the board asked last.
namespace riverlight::content {

/// {"format":1,"board","epoch","hash","seen","seq"}, the body of POST /v1/boards/{board}/audits, signed like
/// a health report.
struct AuditRequest {
    std::string board, epoch;
    std::int64_t seq = 0;
    std::string hash;        ///< of the record, hex
    std::uint64_t seen = 0;  ///< size of the last head that the board was shown; 0: none
};
/// {"format":1,"growth":[hash…],"head":{…},"inclusion":[hash…],"index"}.
struct AuditAnswer {
    TreeHead head;
    std::optional<std::uint64_t> index;   ///< of the record in the list; absent (−1 as text): not in it
    std::vector<merkle::Hash> inclusion;  ///< that it is
    std::vector<merkle::Hash> growth;     ///< that the list begins with the one that the board saw
};

[[nodiscard]] std::string write_audit_request(const AuditRequest& request);
/// Throws Error for anything else.
[[nodiscard]] AuditRequest parse_audit_request(std::string_view json);
[[nodiscard]] std::string write_audit_answer(const AuditAnswer& answer);
/// Throws Error unless it is well-formed and its head signed by `office_public_hex`.
[[nodiscard]] AuditAnswer parse_audit_answer(std::string_view json, std::string_view office_public_hex);

/// What an answer shows of the office.
enum class AuditResult : std::uint8_t {
    holds,         ///< it holds the record, and all it ever showed this board
    dropped,       ///< it does not prove that it holds the record
    rewritten,     ///< the list is not the former one with more behind it
    shrunk,        ///< it shows fewer records than before
    other_history  ///< its list does not go on from the one that it showed to others (published_head_file)
};
[[nodiscard]] std::string_view to_text(AuditResult result);
[[nodiscard]] std::optional<AuditResult> parse_audit_result(std::string_view text);

/// {"format":1,"growth":[hash…]}, the office's answer to GET /v1/tree-growth/{from}-{to}.
[[nodiscard]] std::string write_growth(const std::vector<merkle::Hash>& growth);
/// Throws Error for anything else.
[[nodiscard]] std::vector<merkle::Hash> parse_growth(std::string_view json);

/// `seen`: the head by which `request.seen` was set; absent where that is 0.
[[nodiscard]] AuditResult check(const AuditRequest& request, const AuditAnswer& answer,
                                const std::optional<TreeHead>& seen);

}  // namespace riverlight::content
