#include "content/sync/source_pool.hpp"

#include <cassert>
#include <exception>

#include "content/base/files.hpp"

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_boards_asked = 8;  // for one file

std::uint64_t sum(const std::map<std::string, std::unique_ptr<Fetcher>>& fetchers) {
    std::uint64_t bytes = 0;
    for (const auto& [url, fetcher] : fetchers) bytes += fetcher->received_bytes();
    return bytes;
}

}  // namespace

SourcePool::SourcePool(const SyncOptions& options, Instant now)
    : options_(options),
      now_(now),
      urls_{options.channel_url},
      health_(options.mirror_health ? options.mirror_health : std::make_shared<MirrorHealth>()) {
    urls_.insert(urls_.end(), options.mirrors.begin(), options.mirrors.end());
}

std::vector<std::string> SourcePool::sources() const {
    return health_->usable_first(urls_);
}

Fetcher& SourcePool::fetcher(const std::string& url) {
    auto& held = fetchers_[url];
    if (!held) {
        FetchOptions o{url, options_.ca_file, options_.low_speed_bytes, options_.low_speed_period};
        o.proxy = options_.proxy;
        o.not_before = now_;
        o.received = options_.received;
        held = std::make_unique<Fetcher>(std::move(o));
    }
    return *held;
}

/// A board in the same building answers at once or not at all, and is never behind a proxy.
Fetcher& SourcePool::nearby_fetcher(const std::string& url) {
    auto& held = nearby_fetchers_[url];
    if (!held) {
        FetchOptions o{.base_url = url, .low_speed_bytes = 1024, .low_speed_period = 10s};
        o.connect_timeout = 3s;
        o.proxy.bypass = "*";
        held = std::make_unique<Fetcher>(std::move(o));
        held->limit_bandwidth([rate = options_.nearby_bytes_per_second, over = options_.media_time_over] {
            return BandwidthLimit{!over || !over(), rate};
        });
    }
    return *held;
}

void SourcePool::try_sources(const std::function<void(Fetcher&)>& use, OnAbsent on_absent) {
    std::exception_ptr first;
    for (const auto& url : sources()) {
        try {
            auto& from = fetcher(url);
            from.limit_bandwidth(limit_);
            use(from);
            health_->report_success(url);
            return;
        } catch (const DiskFault&) {
            throw;
        } catch (const BandwidthClosed&) {
            throw;
        } catch (const ConnectionError& e) {
            const bool accepted =
                on_absent == OnAbsent::accept && dynamic_cast<const NotFound*>(&e) != nullptr;
            if (!accepted) health_->report_fault(url, SourceFault::unreachable, e.what());
            if (!first) first = std::current_exception();
        } catch (const Error& e) {
            health_->report_fault(url, SourceFault::bad_content, e.what());
            if (!first) first = std::current_exception();
        }
    }
    assert(first);  // there is always a source
    std::rethrow_exception(first);
}

bool SourcePool::try_nearby(const std::string& name, const std::string& staged, const std::string& into,
                            const FileFacts& facts, const std::function<void(std::uint64_t)>& progress) {
    auto boards = health_->usable(options_.nearby);
    if (boards.size() > max_boards_asked) boards.resize(max_boards_asked);
    for (const auto& url : boards) {
        try {
            nearby_fetcher(url).file("media/" + name, staged, into, facts, progress);
            health_->report_success(url);
            return true;
        } catch (const NotFound&) {
            continue;  // it has other media: no fault
        } catch (const DiskFault&) {
            throw;
        } catch (const BandwidthClosed&) {
            throw;
        } catch (const ConnectionError& e) {
            health_->report_fault(url, SourceFault::unreachable, e.what());
        } catch (const Error& e) {
            health_->report_fault(url, SourceFault::bad_content, e.what());
        }
    }
    return false;
}

std::uint64_t SourcePool::received_bytes() const {
    return sum(fetchers_);
}

std::uint64_t SourcePool::received_bytes_nearby() const {
    return sum(nearby_fetchers_);
}

}  // namespace riverlight::content
