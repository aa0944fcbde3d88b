#include "tools/office/audits.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include "content/audit/audit.hpp"
#include "content/merkle/proofs.hpp"
#include "tools/office/responses.hpp"

namespace riverlight::office {
namespace {

using http::problem;
using http::Response;

/// `12-40`; nothing for anything else.
std::optional<std::pair<std::uint64_t, std::uint64_t>> sizes_of(std::string_view text) {
    std::uint64_t from = 0, to = 0;
    const auto* end = text.data() + text.size();
    const auto a = std::from_chars(text.data(), end, from);
    if (a.ec != std::errc{} || a.ptr == end || *a.ptr != '-') return std::nullopt;
    const auto b = std::from_chars(a.ptr + 1, end, to);
    if (b.ec != std::errc{} || b.ptr != end || to < from) return std::nullopt;
    return std::pair{from, to};
}

Response json_text(std::string body) {
    Response response;
    response.type = "application/json";
    response.body = std::move(body);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace

content::TreeHead signed_head(const OfficeStore& records, const SigningKey& office_key, Instant now) {
    return content::sign_tree_head(records.tree.head(now), office_key);
}

Response audit_answer(const OfficeStore& records, const SigningKey& office_key, const std::string& board,
                      std::string_view question, Instant now) {
    content::AuditRequest asked;
    try {
        asked = content::parse_audit_request(question);
        if (asked.board != board) throw Error("audit: is of another board");
    } catch (const Error& e) {
        return problem(400, "urn:riverlight:malformed", "Malformed audit", e.what());
    }
    content::AuditAnswer answer;
    // Before the head, which then has the record: others are added meanwhile.
    answer.index = records.tree.index_of(asked.board, asked.epoch, asked.seq);
    answer.head = signed_head(records, office_key, now);
    const auto size = answer.head.size;
    const auto nodes = records.tree.nodes();
    if (answer.index) answer.inclusion = merkle::prove_inclusion(*answer.index, size, nodes);
    // Of a list that is shorter than the one that the board saw there is no proof: its head shows it.
    if (asked.seen <= size) answer.growth = merkle::prove_growth(asked.seen, size, nodes);
    return json_text(content::write_audit_answer(answer));
}

Response head_response(const content::TreeHead& head) {
    return json_text(content::write_tree_head(head));
}

std::optional<Response> daily_head_response(const OfficeStore& records, Instant now) {
    auto kept = records.tree.kept_head(now);
    if (!kept) return std::nullopt;
    return json_text(std::move(*kept));
}

Response growth_response(const OfficeStore& records, const std::string& range) {
    const auto sizes = sizes_of(range);
    if (!sizes || sizes->second > records.tree.size())
        return problem(404, "urn:riverlight:audit/size", "No such lists",
                       "the path must end in {from}-{to}, two sizes of the list of records: the first is not "
                       "larger than the second, and the second not larger than the list");
    return json_text(
        content::write_growth(merkle::prove_growth(sizes->first, sizes->second, records.tree.nodes())));
}

}  // namespace riverlight::office
