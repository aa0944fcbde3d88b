#include "tools/publisher/init.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "content/segment/manifest.hpp"
#include "tools/publisher/publish.hpp"
#include "tools/publisher/sign.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::array<const char*, 4> top_roles{"root", "timestamp", "snapshot", "targets"};

/// Makes the key files of a new channel, and its first root.
class NewKeys {
  public:
    explicit NewKeys(const InitOptions& options) : options_(options) {
        for (const auto* role : {"root", "targets"}) {
            if (options.holders.empty()) files_.push_back({path(role), role, ""});
            for (const auto& holder : options.holders)
                files_.push_back({path(std::string(role) + '.' + holder), role, holder});
        }
        for (const auto* role : {"snapshot", "timestamp"}) files_.push_back({path(role), role, ""});
        for (const auto& cc : options.countries) files_.push_back({path(cc), cc, ""});
        for (const auto& file : files_) {
            if (fs::exists(file.path))
                throw KeyError(KeyFault::exists, file.path,
                               "exists already; keys are never overwritten. Pass another folder "
                               "with --keys");
        }
    }

    void make() {
        fs::create_directories(options_.keys);
        fs::permissions(options_.keys, fs::perms::owner_all);
        for (auto& file : files_) {
            const auto key = SigningKey::generate();
            key.save(file.path, options_.passphrase);
            file.public_hex = key.public_hex();
        }
    }

    [[nodiscard]] json::object root_body(Instant now) const {
        auto body = metadata_head("root", 1, now, default_terms().at("root"));
        json::object keys, roles;
        for (const auto* role : top_roles) {
            json::array ids;
            for (const auto& file : files_) {
                if (file.role != role) continue;
                const auto key = key_object(file.public_hex, file.holder);
                ids.push_back(json::value(key_id(key)));
                keys[key_id(key)] = key;
            }
            const bool offline = std::string_view(role) == "root" || std::string_view(role) == "targets";
            roles[role] =
                json::object{{"keyids", std::move(ids)}, {"threshold", offline ? options_.threshold : 1}};
        }
        body["consistent_snapshot"] = true;
        body["keys"] = std::move(keys);
        body["roles"] = std::move(roles);
        return body;
    }

  private:
    [[nodiscard]] std::string path(const std::string& stem) const {
        return options_.keys + '/' + stem + ".key";
    }

    const InitOptions& options_;
    std::vector<HeldKey> files_;
};

void check_init(const InitOptions& o, const std::string& tree) {
    if (fs::exists(tree + "/metadata"))
        throw Error(tree + ": is a channel already; pass another folder with --out");
    for (const auto& cc : o.countries)
        if (cc.size() != 2 || !std::all_of(cc.begin(), cc.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
            throw Error("'" + cc + "' is not a country; use ISO 3166-1 codes in lower case, such as kh,th");
    for (const auto& holder : o.holders)
        if (!content::is_id(holder))
            throw Error("'" + holder +
                        "' is not a valid holder's name; use lower-case letters, digits and hyphens");
    const auto most = std::max<std::size_t>(1, o.holders.size());
    if (o.threshold < 1 || static_cast<std::size_t>(o.threshold) > most)
        throw Error("a threshold of " + std::to_string(o.threshold) + " needs as many holders; there are " +
                    std::to_string(o.holders.size()) + " (--holders a,b,c)");
}

}  // namespace

void init_channel(const InitOptions& options, const std::string& tree, Instant now) {
    check_init(options, tree);
    NewKeys made(options);
    made.make();
    const Tree into(tree);
    ReleaseDraft draft(into);
    draft.set("root", made.root_body(now));
    KeyRing ring(options.keys, [&](const std::string&) { return options.passphrase; });
    draft.sign(ring);
    fs::create_directories(tree + "/targets");
    into.write("root", 1, draft.file("root"));
}

}  // namespace riverlight::publisher
