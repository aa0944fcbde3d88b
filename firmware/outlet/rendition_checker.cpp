#include "firmware/outlet/rendition_checker.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cassert>
#include <filesystem>

#include "content/base/error.hpp"

namespace riverlight::firmware {
namespace {

constexpr int most_failures = 2;  // the first may be the machine's fault

std::filesystem::file_time_type time_written(const std::string& path) {
    std::error_code none;
    return std::filesystem::last_write_time(path, none);
}

}  // namespace

void RenditionChecker::validate(const Programme& programme) {
    const bool was_idle = is_idle();
    std::erase_if(results_, [](const auto& one) {
        return one.second.fault && one.second.written != time_written(one.first.second);
    });
    std::set<Key> named, known;
    for (const auto& one : waiting_) known.insert({one.profile, one.path});
    for (const auto& [key, result] : results_) known.insert(key);
    for (const auto& [id, segment] : programme.content->catalogue.segments)
        for (const auto& [locale, words] : segment.locales)
            for (const auto& [key, sha256] : words.renditions) {
                const auto& file = segment.files.at(sha256);
                if (!setup_.profiles.contains(file.profile)) continue;
                const auto path = programme.content->path_of(file);
                named.insert({file.profile, path});
                if (known.insert({file.profile, path}).second && std::filesystem::exists(path))
                    waiting_.push_back({file.profile, path, file.parameters, id + " in " + locale});
            }
    std::erase_if(results_, [&](const auto& one) { return !named.contains(one.first); });
    if (was_idle) start_next();
}

void RenditionChecker::start_next() {
    if (reading_) return;  // validate() was faster than the posted call
    if (waiting_.empty()) return reader_.reset();
    const auto& next = waiting_.front();
    if (profile_ != next.profile) reader_.reset();
    if (!reader_ && !start_reader(next.profile)) return;
    reading_ = true;
    reader_->send(player::Prove{next.path, next.parameters});
}

bool RenditionChecker::start_reader(const std::string& profile) {
    assert(!reader_ && !reading_);
    profile_ = profile;
    try {
        std::vector<std::string> words{setup_.player, "--prove",   "--profile",
                                       profile,       "--confine", "--read",
                                       setup_.media,  "--memory",  std::to_string(setup_.memory_mb)};
        if (!setup_.user.empty()) words.insert(words.end(), {"--user", setup_.user});
        reader_ = std::make_unique<PlayerProcess>(
            loop_, std::move(words),
            [this](const player::Event& event) {
                const auto* proved = std::get_if<player::Proved>(&event);
                if (proved && reading_ && proved->path == waiting_.front().path) finish(proved->fault);
            },
            [this](const std::string& why) { handle_reader_end(why); });
        return true;
    } catch (const Error& e) {
        spdlog::error("renditions are not read before they are due: {}", e.what());
        waiting_.clear();
        return false;
    }
}

void RenditionChecker::handle_reader_end(const std::string& why) {
    // The process object is still in use by its caller.
    boost::asio::post(loop_, [ended = std::shared_ptr<PlayerProcess>(std::move(reader_))] {});
    if (!reading_) return;
    assert(!waiting_.empty());
    if (++waiting_.front().failures >= most_failures) return finish("could not be read to its end: " + why);
    reading_ = false;
    boost::asio::post(loop_, [this] { start_next(); });
}

void RenditionChecker::finish(std::string fault) {
    assert(reading_ && !waiting_.empty());
    const auto request = std::move(waiting_.front());
    waiting_.pop_front();
    reading_ = false;
    if (const auto prefix = request.path + ": "; fault.starts_with(prefix)) fault.erase(0, prefix.size());
    Result result{request.name, {}, time_written(request.path)};
    if (!fault.empty()) {
        spdlog::warn("{} is not a rendition for {} and is encoded as it plays: {}", request.name,
                     request.profile, fault);
        result.fault = std::move(fault);
    }
    results_[{request.profile, request.path}] = std::move(result);
    boost::asio::post(loop_, [this] { start_next(); });
}

bool RenditionChecker::is_refused(const std::string& profile, const std::string& path) const {
    const auto one = results_.find({profile, path});
    return one != results_.end() && one->second.fault.has_value();
}

std::vector<std::string> RenditionChecker::complaints() const {
    std::vector<std::string> out;
    for (const auto& [key, result] : results_) {
        if (!result.fault) continue;
        out.push_back("The rendition of " + result.name + " for " + key.first +
                      " cannot be spliced and is encoded as it plays: " + *result.fault +
                      ". Build the segment and publish it again.");
    }
    return out;
}

}  // namespace riverlight::firmware
