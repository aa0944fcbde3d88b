#include "content/sync/supply.hpp"

#include <exception>

#include "content/base/files.hpp"

namespace riverlight::content {
namespace {

constexpr std::size_t most_nearby = 8;  // boards asked for one file

std::uint64_t sum(const std::map<std::string, std::unique_ptr<Fetcher>>& lines) {
    std::uint64_t bytes = 0;
    for (const auto& [url, line] : lines) bytes += line->crossed();
    return bytes;
}

}  // namespace

Supply::Supply(const SyncOptions& options, Instant now)
    : options_(options),
      now_(now),
      urls_{options.channel_url},
      standing_(options.standing ? options.standing : std::make_shared<Standing>()) {
    urls_.insert(urls_.end(), options.mirrors.begin(), options.mirrors.end());
}

std::vector<std::string> Supply::sources() const {
    return standing_->order(urls_, true);
}

Fetcher& Supply::line(const std::string& url) {
    auto& held = lines_[url];
    if (!held) {
        FetchOptions o{url, options_.ca_file, options_.low_speed_bytes, options_.low_speed_seconds};
        o.outbound = options_.outbound;
        o.not_before = now_;
        o.received = options_.received;
        held = std::make_unique<Fetcher>(std::move(o));
    }
    return *held;
}

/// A board in the same building answers at once or not at all, and never through a proxy.
Fetcher& Supply::line_nearby(const std::string& url) {
    auto& held = lines_nearby_[url];
    if (!held) {
        FetchOptions o{.base_url = url, .low_speed_bytes = 1024, .low_speed_seconds = 10};
        o.connect_seconds = 3;
        o.outbound.no_proxy = "*";
        held = std::make_unique<Fetcher>(std::move(o));
        if (const auto rate = options_.nearby_bytes_per_second; rate > 0)
            held->keep_to([rate] { return Pace{true, rate}; });
    }
    return *held;
}

void Supply::from_any(const std::function<void(Fetcher&)>& take) {
    std::exception_ptr first;
    for (const auto& url : sources()) {
        try {
            auto& from = line(url);
            from.keep_to(pace_);
            take(from);
            standing_->worked(url);
            return;
        } catch (const DiskFault&) {
            throw;
        } catch (const LineClosed&) {
            throw;
        } catch (const LineFault& e) {
            standing_->failed(url, e.what());
            if (!first) first = std::current_exception();
        } catch (const Error& e) {
            standing_->unsound(url, e.what());
            if (!first) first = std::current_exception();
        }
    }
    std::rethrow_exception(first);
}

bool Supply::from_nearby(const std::string& name, const std::string& staged, const std::string& into,
                         const FileFacts& facts, const std::function<void(std::uint64_t)>& progress) {
    auto boards = standing_->order(options_.nearby, false);
    if (boards.size() > most_nearby) boards.resize(most_nearby);
    for (const auto& url : boards) {
        try {
            line_nearby(url).file("media/" + name, staged, into, facts, progress);
            standing_->worked(url);
            return true;
        } catch (const Absent&) {
            continue;  // it has other media: no fault
        } catch (const DiskFault&) {
            throw;
        } catch (const LineFault& e) {
            standing_->failed(url, e.what());
        } catch (const Error& e) {
            standing_->unsound(url, e.what());
        }
    }
    return false;
}

std::uint64_t Supply::crossed() const {
    return sum(lines_);
}

std::uint64_t Supply::crossed_nearby() const {
    return sum(lines_nearby_);
}

}  // namespace riverlight::content
