#include "content/audit/tree_head.hpp"

#include "content/base/files.hpp"
#include "content/base/json.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::int64_t most = std::int64_t{1} << 53;

json::object signed_part(const TreeHead& head) {
    return {{"at", to_rfc3339(head.at)},
            {"format", 1},
            {"office", head.office},
            {"root", merkle::to_hex(head.root)},
            {"size", static_cast<std::int64_t>(head.size)}};
}

/// A head as it stands there, its signature not yet checked.
TreeHead parse_unchecked(std::string_view text, const Where& where) {
    const auto value = parse_json(text, where.text(), {longest_tree_head, 2, 20});
    JsonFields f(value, where);
    f.format(1);
    TreeHead head;
    const auto at = from_rfc3339(f.text("at", 64));
    if (!at) f.refuse("at", ReadFault::malformed, "must be an instant in UTC");
    head.at = *at;
    head.size = static_cast<std::uint64_t>(f.integer("size", 0, most));
    head.root = merkle::parse_hash(f.text("root", 64));
    head.office = f.text("office", 64);
    head.signature = f.text("signature", 128);
    f.closed();
    return head;
}

bool is_signed(const TreeHead& head) {
    return verify_signature(head.office, canonical_json(signed_part(head)), head.signature);
}

}  // namespace

TreeHead sign_tree_head(TreeHead head, const SigningKey& office_key) {
    head.office = office_key.public_hex();
    head.signature = office_key.sign(canonical_json(signed_part(head)));
    return head;
}

std::string write_tree_head(const TreeHead& head) {
    auto o = signed_part(head);
    o["signature"] = head.signature;
    return canonical_json(o);
}

TreeHead parse_tree_head(std::string_view text, std::string_view office_public_hex) {
    auto head = parse_unchecked(text, "tree head");
    if (head.office != office_public_hex || !is_signed(head))
        throw Error("tree head: is not signed by this office");
    return head;
}

TreeHead parse_any_tree_head(std::string_view text, const Where& where) {
    auto head = parse_unchecked(text, where);
    if (!is_signed(head))
        throw Error(where.text() + ": is not what the office signed that it names; fetch it again");
    return head;
}

TreeHead read_tree_head(const std::string& file) {
    return parse_any_tree_head(read_file(file, longest_tree_head), file);
}

std::string tree_entry(const std::string& board, const std::string& epoch, std::int64_t seq,
                       const std::string& record_hash) {
    return canonical_json(
        json::object{{"board", board}, {"epoch", epoch}, {"hash", record_hash}, {"seq", seq}});
}

}  // namespace riverlight::content
