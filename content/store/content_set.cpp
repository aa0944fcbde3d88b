#include "content/store/content_set.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/store/layout.hpp"
#include "content/store/scrub.hpp"
#include "content/store/store_files.hpp"

namespace riverlight::content {

namespace {

/// Calls `handle` with each picture of each localisation that has several.
void each_rung(const Catalogue& catalogue, const std::function<void(const MediaFile&)>& handle) {
    for (const auto& [id, segment] : catalogue.segments)
        for (const auto& [locale, words] : segment.locales)
            if (!words.ladder.empty())
                for (const auto& sha256 : picture_order(segment, words, nullptr))
                    handle(segment.files.at(sha256));
}

/// Removes the locales and renditions of a segment that need one of `files`. A locale with several pictures
/// needs only one that is held.
void remove_unplayable(Manifest& segment, const std::set<std::string>& files,
                       const std::set<std::string>& held) {
    const auto gone = [&](const std::string& sha256) {
        const auto file = segment.files.find(sha256);
        return file != segment.files.end() && files.contains(file->second.name());
    };
    std::erase_if(segment.locales, [&](const auto& entry) {
        const auto& words = entry.second;
        const auto pictures = picture_order(segment, words, nullptr);
        const bool seen = std::any_of(pictures.begin(), pictures.end(), [&](const auto& sha256) {
            return held.contains(segment.files.at(sha256).name());
        });
        return (!seen && std::any_of(pictures.begin(), pictures.end(), gone)) || gone(words.sound) ||
               gone(words.subtitles);
    });
    for (auto& [locale, words] : segment.locales)
        for (auto* named : {&words.renditions, &words.signs})
            std::erase_if(*named, [&](const auto& entry) { return gone(entry.second); });
}

}  // namespace

Store::Store(std::string root) : root_(std::move(root)) {}

std::optional<ContentSet> Store::load(KeptRelease which) const {
    const StoreLayout layout{root_};
    ContentSet set;
    const auto found = read_release(layout, which, &set.damaged);
    if (!found) return {};
    const auto& current = *found;
    Facts facts;
    for (const auto& [path, sha256] : current.facts) {
        const auto bytes = find_fact(layout, sha256, &set.damaged);
        if (!bytes)
            throw StoreError(
                StoreFault::changed, Where(layout.facts(sha256), layout.facts(sha256) + " (" + path + ")"),
                "neither this file nor its copy has the verified bytes; the storage failed or was changed. "
                "The next visit to the channel fetches it again");
        add_facts(facts, path, *bytes);
    }
    for (const auto& [name, bytes] : current.media)
        if (!has_media(layout, name, bytes)) set.missing.insert(name);
    each_rung(facts.catalogue, [&](const MediaFile& file) {
        if (has_media(layout, file.name(), file.bytes)) set.held.insert(file.name());
    });
    if (const auto heard = read_last_contact(layout)) {
        for (auto& [code, country] : facts.catalogue.countries) country.set_last_contact(*heard);
    }
    set.release = current.release;
    set.signed_until = current.signed_until;
    set.catalogue = std::move(facts.catalogue);
    set.schedules = std::move(facts.schedules);
    set.media_folder = layout.media_folder();
    return set;
}

std::optional<ContentSet> Store::load_whole() const {
    auto set = load();
    const auto current = read_release({root_}, KeptRelease::current);
    if (!set || !current) return set;
    const auto damaged = [&](const std::string& name) {
        return hash_on_disk(set->media_folder + '/' + name) != name.substr(0, name.find('.'));
    };
    for (const auto& [name, bytes] : current->media)
        if (damaged(name)) set->missing.insert(name);
    std::erase_if(set->held, [&](const auto& name) {
        return set->missing.contains(name) || (!current->media.contains(name) && damaged(name));
    });
    for (auto& [id, segment] : set->catalogue.segments) remove_unplayable(segment, set->missing, set->held);
    return set;
}

}  // namespace riverlight::content
