#include "content/store/content_set.hpp"

#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/store/layout.hpp"

namespace riverlight::content {

Store::Store(std::string root) : root_(std::move(root)) {}

std::optional<ContentSet> Store::load() const {
    const StoreLayout layout{root_};
    const auto found = read_current(layout);
    if (!found) return {};
    const auto& current = *found;
    Facts facts;
    for (const auto& [path, sha256] : current.facts) {
        const auto bytes = read_file(layout.facts(sha256), facts_cap);
        if (sha256_hex(bytes) != sha256)
            throw Error(
                layout.facts(sha256) + " (" + path +
                "): its bytes are not the ones that were verified; the storage has failed or was changed. "
                "Remove the file, and the next visit to the channel fetches it again");
        add_facts(facts, path, bytes);
    }
    ContentSet set;
    for (const auto& [name, bytes] : current.media) {
        std::error_code ec;
        const auto size = std::filesystem::file_size(layout.media_folder() + '/' + name, ec);
        if (ec || size != bytes) set.missing.insert(name);
    }
    if (const auto heard = read_heard(layout)) {
        for (auto& [code, country] : facts.catalogue.countries) country.heard_on(*heard);
    }
    set.release = current.release;
    set.signed_until = current.signed_until;
    set.catalogue = std::move(facts.catalogue);
    set.schedules = std::move(facts.schedules);
    set.media_folder = layout.media_folder();
    return set;
}

}  // namespace riverlight::content
