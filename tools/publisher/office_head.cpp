#include "tools/publisher/office_head.hpp"

#include <filesystem>

#include "content/audit/audit.hpp"
#include "content/base/json.hpp"
#include "content/merkle/proofs.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string path_of(const Tree& tree) {
    return tree.folder() + '/' + content::published_head_file;
}

json::value as_json(const content::TreeHead& head) {
    return parse_json(content::write_tree_head(head), "tree head");
}

/// Keeps what shows that the office has two histories. Returns where.
std::string keep_evidence(const Tree& tree, const content::TreeHead& published,
                          const content::TreeHead& offered, const std::string& growth, Instant now) {
    const auto folder = tree.folder() + "/evidence";
    fs::create_directories(folder);
    const auto path = folder + "/tree-heads-" + to_rfc3339(now) + ".json";
    write_file_atomically(path, pretty_json(json::object{{"format", 1},
                                                         {"found", to_rfc3339(now)},
                                                         {"growth", growth},
                                                         {"offered", as_json(offered)},
                                                         {"published", as_json(published)}}));
    return path;
}

/// Why the list of `offered` does not go on from the one of `published`; empty: it does. `growth`: the
/// office's answer; empty: it was not asked.
std::string conflict_of(const content::TreeHead& published, const content::TreeHead& offered,
                        const std::string& growth) {
    if (offered.size < published.size)
        return "the office shows a list of " + std::to_string(offered.size) + " records, and " +
               std::to_string(published.size) + " were published";
    if (offered.size == published.size)
        return offered.root == published.root ? ""
                                              : "the office shows another list of the same length than the "
                                                "one that was published";
    return merkle::is_grown(published.size, published.root, offered.size, offered.root,
                            content::parse_growth(growth))
               ? ""
               : "the office's list of records does not begin with the one that was published";
}

}  // namespace

std::optional<content::TreeHead> published_head(const Tree& tree) {
    const auto path = path_of(tree);
    if (!fs::exists(path)) return std::nullopt;
    return content::read_tree_head(path);
}

PublishedHead publish_office_head(const Tree& tree, const AskOffice& ask,
                                  const std::optional<std::string>& office_key, Instant now) {
    tree.require_channel();
    const auto lock = tree.lock();
    const auto published = published_head(tree);
    if (!published && !office_key)
        throw PublishError(PublishFault::another_office, path_of(tree),
                           "no head was published before; name the office's public key with --office-key "
                           "('riverlight-office "
                           "key' prints it)");
    if (published && office_key && *office_key != published->office)
        throw PublishError(PublishFault::another_office, path_of(tree),
                           "was signed by another office than that of the key; remove it if the channel's "
                           "boards have moved to another office");
    const auto key = published ? published->office : *office_key;
    PublishedHead out{HeadStep::first, content::parse_tree_head(ask.daily_head(), key)};
    if (published) {
        const bool is_longer = out.head.size > published->size;
        const auto growth = is_longer ? ask.growth(published->size, out.head.size) : std::string();
        const auto why = conflict_of(*published, out.head, growth);
        if (!why.empty())
            throw PublishError(PublishFault::office_conflict,
                               keep_evidence(tree, *published, out.head, growth, now),
                               why +
                                   "; nothing was published. This file holds both heads that the office "
                                   "signed: show it to the people who run the programme");
        out.step = is_longer ? HeadStep::grown : HeadStep::same;
    }
    if (!published || out.head.at > published->at)
        write_file_atomically(path_of(tree), content::write_tree_head(out.head));
    else
        out.head = *published;
    return out;
}

}  // namespace riverlight::publisher
