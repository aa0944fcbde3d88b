#include "firmware/outlet/prover.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <filesystem>

namespace riverlight::firmware {

void Prover::look_at(const Programme& programme) {
    const bool idle = waiting_.empty();
    std::set<Key> named;
    for (const auto& [id, segment] : programme.content->catalogue.segments)
        for (const auto& [locale, words] : segment.locales)
            for (const auto& [key, sha256] : words.renditions) {
                const auto& file = segment.files.at(sha256);
                const auto& profile = file.profile;
                if (!setup_.feeds.contains(profile)) continue;
                const auto path = programme.content->path_of(file);
                named.insert({profile, path});
                add({profile, path, file.parameters, id + " in " + locale});
            }
    std::erase_if(known_, [&](const auto& one) { return !named.contains(one.first); });
    if (idle) ask_next();
}

void Prover::add(Asked asked) {
    const bool waits = std::any_of(waiting_.begin(), waiting_.end(), [&](const Asked& one) {
        return one.profile == asked.profile && one.path == asked.path;
    });
    if (!waits && !known_.contains({asked.profile, asked.path}) && std::filesystem::exists(asked.path))
        waiting_.push_back(std::move(asked));
}

void Prover::ask_next() {
    if (reading_) return;  // asked already, by who came between
    if (waiting_.empty()) return player_.reset();
    const auto& next = waiting_.front();
    if (profile_ != next.profile) player_.reset();
    if (!player_) {
        profile_ = next.profile;
        try {
            player_ = std::make_unique<PlayerProcess>(
                loop_,
                std::vector<std::string>{setup_.player, "--prove", "--profile", next.profile, "--confine",
                                         "--read", setup_.media, "--memory",
                                         std::to_string(setup_.memory_mb)},
                [this](const player::Event& event) {
                    const auto* proved = std::get_if<player::Proved>(&event);
                    if (proved && reading_ && proved->path == waiting_.front().path) found(proved->fault);
                },
                [this](const std::string& why) {
                    // Off this call's stack: the process object is still in use by the caller.
                    boost::asio::post(loop_, [dead = std::shared_ptr<PlayerProcess>(std::move(player_))] {});
                    if (reading_) fell(why);
                });
        } catch (const Error& e) {
            spdlog::error("renditions are not read ahead: {}", e.what());
            return waiting_.clear();
        }
    }
    reading_ = true;
    player_->say(player::Prove{next.path, next.parameters});
}

void Prover::fell(const std::string& why) {
    if (waiting_.front().falls++ > 0) return found("could not be read to its end: " + why);
    reading_ = false;
    boost::asio::post(loop_, [this] { ask_next(); });
}

void Prover::found(std::string fault) {
    const auto asked = std::move(waiting_.front());
    waiting_.pop_front();
    reading_ = false;
    if (const auto place = asked.path + ": "; fault.starts_with(place)) fault.erase(0, place.size());
    if (!fault.empty())
        spdlog::warn("{} for {} is no rendition, it is encoded as it plays: {}", asked.name, asked.profile,
                     fault);
    known_[{asked.profile, asked.path}] = {asked.name, fault};
    boost::asio::post(loop_, [this] { ask_next(); });
}

bool Prover::refused(const std::string& profile, const std::string& path) const {
    const auto one = known_.find({profile, path});
    return one != known_.end() && !one->second.fault.empty();
}

std::vector<std::string> Prover::complaints() const {
    std::vector<std::string> out;
    for (const auto& [key, one] : known_) {
        if (one.fault.empty()) continue;
        out.push_back("The rendition of " + one.name + " for " + key.first +
                      " cannot be spliced and is encoded as it plays: " + one.fault +
                      ". Have the segment built and published anew.");
    }
    return out;
}

}  // namespace riverlight::firmware
