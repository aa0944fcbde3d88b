#include "content/audit/audit.hpp"

#include <cassert>

#include "content/base/json.hpp"
#include "content/merkle/proofs.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::int64_t most = std::int64_t{1} << 53;
constexpr std::size_t longest_inclusion = 64;  ///< hashes: the tallest tree has 54 levels
constexpr std::size_t longest_growth = 128;

json::array write_hashes(const std::vector<merkle::Hash>& hashes) {
    json::array out;
    for (const auto& hash : hashes) out.emplace_back(merkle::to_hex(hash));
    return out;
}

std::vector<merkle::Hash> read_hashes(const json::array& texts) {
    std::vector<merkle::Hash> out;
    out.reserve(texts.size());
    for (const auto& text : texts) {
        if (!text.is_string()) throw Error("audit: a hash must be a text");
        out.push_back(merkle::parse_hash(std::string_view(text.get_string())));
    }
    return out;
}

}  // namespace

std::string write_audit_request(const AuditRequest& request) {
    return canonical_json(json::object{{"board", request.board},
                                       {"epoch", request.epoch},
                                       {"format", 1},
                                       {"hash", request.hash},
                                       {"seen", static_cast<std::int64_t>(request.seen)},
                                       {"seq", request.seq}});
}

AuditRequest parse_audit_request(std::string_view text) {
    const auto value = parse_json(text, "audit", {4U << 10, 2, 20});
    JsonFields f(value, "audit");
    f.format(1);
    AuditRequest request;
    request.board = f.text("board", 64);
    request.epoch = f.text("epoch", 64);
    request.seq = f.integer("seq", 1, most);
    request.hash = f.text("hash", 64);
    request.seen = static_cast<std::uint64_t>(f.integer("seen", 0, most));
    f.closed();
    return request;
}

std::string write_audit_answer(const AuditAnswer& answer) {
    return canonical_json(
        json::object{{"format", 1},
                     {"growth", write_hashes(answer.growth)},
                     {"head", parse_json(write_tree_head(answer.head), "tree head")},
                     {"inclusion", write_hashes(answer.inclusion)},
                     {"index", answer.index ? static_cast<std::int64_t>(*answer.index) : -1}});
}

AuditAnswer parse_audit_answer(std::string_view text, std::string_view office_public_hex) {
    const auto value = parse_json(text, "audit", {32U << 10, 4, 500});
    JsonFields f(value, "audit");
    f.format(1);
    AuditAnswer answer;
    answer.head = parse_tree_head(canonical_json(f.object("head")), office_public_hex);
    const auto index = f.integer("index", -1, most);
    if (index >= 0) answer.index = static_cast<std::uint64_t>(index);
    answer.inclusion = read_hashes(f.array("inclusion", longest_inclusion));
    answer.growth = read_hashes(f.array("growth", longest_growth));
    f.closed();
    return answer;
}

std::string write_growth(const std::vector<merkle::Hash>& growth) {
    return canonical_json(json::object{{"format", 1}, {"growth", write_hashes(growth)}});
}

std::vector<merkle::Hash> parse_growth(std::string_view text) {
    const auto value = parse_json(text, "growth of a list", {16U << 10, 3, 200});
    JsonFields f(value, "growth of a list");
    f.format(1);
    auto growth = read_hashes(f.array("growth", longest_growth));
    f.closed();
    return growth;
}

std::string_view to_text(AuditResult result) {
    switch (result) {
        case AuditResult::holds:
            return "holds";
        case AuditResult::dropped:
            return "dropped";
        case AuditResult::rewritten:
            return "rewritten";
        case AuditResult::shrunk:
            return "shrunk";
        case AuditResult::other_history:
            return "other-history";
    }
    return "";
}

std::optional<AuditResult> parse_audit_result(std::string_view text) {
    for (const auto result : {AuditResult::holds, AuditResult::dropped, AuditResult::rewritten,
                              AuditResult::shrunk, AuditResult::other_history})
        if (text == to_text(result)) return result;
    return std::nullopt;
}

AuditResult check(const AuditRequest& request, const AuditAnswer& answer,
                  const std::optional<TreeHead>& seen) {
    assert(request.seen == (seen ? seen->size : 0));
    const auto& head = answer.head;
    if (seen) {
        if (head.size < seen->size) return AuditResult::shrunk;
        if (!merkle::is_grown(seen->size, seen->root, head.size, head.root, answer.growth))
            return AuditResult::rewritten;
    }
    const auto leaf = merkle::leaf_hash(tree_entry(request.board, request.epoch, request.seq, request.hash));
    const bool included =
        answer.index && merkle::is_included(leaf, *answer.index, head.size, head.root, answer.inclusion);
    return included ? AuditResult::holds : AuditResult::dropped;
}

}  // namespace riverlight::content
