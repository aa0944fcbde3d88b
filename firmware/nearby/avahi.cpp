// Avahi calls back on the thread of its poll, which holds its lock during a callback. State calls Avahi only
// from those callbacks, before that thread starts, or after it has ended. Only `found_` is shared with other
// threads.
#include "firmware/nearby/avahi.hpp"

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/thread-watch.h>
#include <avahi-common/timeval.h>

#include <cassert>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "content/base/error.hpp"

namespace riverlight::firmware {
namespace {

constexpr const char* service = "_riverlight._tcp";
constexpr std::size_t most_found = 32;
constexpr std::chrono::seconds retry_after{5};

struct FreePoll {
    void operator()(AvahiThreadedPoll* poll) const { avahi_threaded_poll_free(poll); }
};
struct FreeClient {
    void operator()(AvahiClient* client) const { avahi_client_free(client); }
};

}  // namespace

struct AvahiNeighbours::State {
    explicit State(AvahiSetup s) : setup(std::move(s)), name(setup.name), poll(avahi_threaded_poll_new()) {
        if (!poll) throw Error("Avahi's library has no memory for a thread");
        connect();
        avahi_threaded_poll_start(poll.get());
    }
    ~State() {
        avahi_threaded_poll_stop(poll.get());
        client.reset();  // with its group, browser and resolvers
    }
    State(const State&) = delete;

    /// AVAHI_CLIENT_NO_FAIL: the client waits for a daemon that does not run yet.
    void connect() {
        int error = 0;
        client.reset(avahi_client_new(avahi_threaded_poll_get(poll.get()), AVAHI_CLIENT_NO_FAIL,
                                      &State::on_client, this, &error));
        if (client) return;
        report_absent(avahi_strerror(error));
        connect_later();
    }

    /// For failures that the library does not wait out: a daemon that is still starting, a bus that refuses.
    void connect_later() {
        const AvahiPoll* const api = avahi_threaded_poll_get(poll.get());
        timeval at{};
        avahi_elapse_time(&at, static_cast<unsigned>(std::chrono::milliseconds(retry_after).count()), 0);
        if (retry)
            api->timeout_update(retry, &at);
        else
            retry = api->timeout_new(api, &at, &State::on_retry, this);
    }

    static void on_retry(AvahiTimeout* timeout, void* self) {
        auto& s = *static_cast<State*>(self);
        avahi_threaded_poll_get(s.poll.get())->timeout_update(timeout, nullptr);
        s.connect();
    }

    void report_absent(const std::string& why) {
        clear_found();
        if (std::exchange(missing, true)) return;
        if (setup.report)
            setup.report(
                "Avahi does not answer (" + why +
                "), so this board finds no boards nearby, and they do not find it; install avahi-daemon, "
                "or remove [nearby]. Everything else works");
    }

    void start(AvahiClient* c) {
        if (std::exchange(missing, false) && setup.report)
            setup.report("Avahi answers; looking for boards nearby");
        if (setup.serve_port) announce(c);
        if (setup.find && !browser)
            browser = avahi_service_browser_new(c, AVAHI_IF_UNSPEC, AVAHI_PROTO_INET, service, nullptr,
                                                static_cast<AvahiLookupFlags>(0), &State::on_browse, this);
    }

    void announce(AvahiClient* c) {
        assert(setup.serve_port);
        if (!group) group = avahi_entry_group_new(c, &State::on_group, this);
        if (!group) return;
        avahi_entry_group_reset(group);
        int error = AVAHI_ERR_COLLISION;
        for (int tries = 0; tries < 20 && error == AVAHI_ERR_COLLISION; ++tries) {
            error = avahi_entry_group_add_service(group, AVAHI_IF_UNSPEC, AVAHI_PROTO_INET,
                                                  static_cast<AvahiPublishFlags>(0), name.c_str(), service,
                                                  nullptr, nullptr, *setup.serve_port, "format=1", nullptr);
            if (error == AVAHI_ERR_COLLISION) choose_other_name();
        }
        if (error >= 0) error = avahi_entry_group_commit(group);
        if (error < 0 && setup.report)
            setup.report(std::string("This board is not announced to others: ") + avahi_strerror(error));
    }

    void choose_other_name() {
        const std::unique_ptr<char, void (*)(void*)> alternative(avahi_alternative_service_name(name.c_str()),
                                                                 avahi_free);
        name = alternative.get();
    }

    void clear_found() {
        const std::lock_guard lock(mutex);
        found_.clear();
    }

    static void on_client(AvahiClient* c, AvahiClientState how, void* self) {
        auto& s = *static_cast<State*>(self);
        switch (how) {
            case AVAHI_CLIENT_S_RUNNING:
                return s.start(c);
            case AVAHI_CLIENT_S_COLLISION:
            case AVAHI_CLIENT_S_REGISTERING:
                if (s.group) avahi_entry_group_reset(s.group);
                return;
            case AVAHI_CLIENT_CONNECTING:
                return s.report_absent("its daemon does not run");
            case AVAHI_CLIENT_FAILURE:
                return s.handle_failure(c);
        }
    }

    /// The client and its objects are of no more use. A new client waits for the next daemon.
    void handle_failure(AvahiClient* c) {
        const int why = avahi_client_errno(c);
        group = nullptr;
        browser = nullptr;
        if (c != client.get()) return;  // avahi_client_new() fails, and connect() handles it
        report_absent(why == AVAHI_ERR_DISCONNECTED ? "it has stopped" : avahi_strerror(why));
        connect_later();
    }

    static void on_group(AvahiEntryGroup*, AvahiEntryGroupState how, void* self) {
        auto& s = *static_cast<State*>(self);
        if (how != AVAHI_ENTRY_GROUP_COLLISION || !s.client) return;
        s.choose_other_name();
        s.announce(s.client.get());
    }

    static void on_browse(AvahiServiceBrowser* b, AvahiIfIndex interface, AvahiProtocol protocol,
                          AvahiBrowserEvent event, const char* name, const char* type, const char* domain,
                          AvahiLookupResultFlags flags, void* self) {
        auto& s = *static_cast<State*>(self);
        if (event == AVAHI_BROWSER_REMOVE) {
            const std::lock_guard lock(s.mutex);
            s.found_.erase({interface, name});
        }
        if (event != AVAHI_BROWSER_NEW || (flags & AVAHI_LOOKUP_RESULT_OUR_OWN) != 0) return;
        // The resolver is freed in its callback, or with the client.
        static_cast<void>(avahi_service_resolver_new(
            avahi_service_browser_get_client(b), interface, protocol, name, type, domain, AVAHI_PROTO_INET,
            static_cast<AvahiLookupFlags>(0), &State::on_resolve, self));
    }

    static void on_resolve(AvahiServiceResolver* r, AvahiIfIndex interface, AvahiProtocol,
                           AvahiResolverEvent event, const char* name, const char*, const char*, const char*,
                           const AvahiAddress* address, std::uint16_t port, AvahiStringList*,
                           AvahiLookupResultFlags, void* self) {
        auto& s = *static_cast<State*>(self);
        if (event == AVAHI_RESOLVER_FOUND && address->proto == AVAHI_PROTO_INET && port > 0) {
            char text[AVAHI_ADDRESS_STR_MAX] = {};
            avahi_address_snprint(text, sizeof text, address);
            const std::lock_guard lock(s.mutex);
            if (s.found_.size() < most_found)
                s.found_[{interface, name}] = "http://" + std::string(text) + ':' + std::to_string(port);
        }
        avahi_service_resolver_free(r);
    }

    AvahiSetup setup;
    std::string name;
    std::unique_ptr<AvahiThreadedPoll, FreePoll> poll;
    std::unique_ptr<AvahiClient, FreeClient> client;
    AvahiEntryGroup* group = nullptr;        // owned by the client, which frees it
    AvahiServiceBrowser* browser = nullptr;  // likewise
    AvahiTimeout* retry = nullptr;           // owned by the poll
    bool missing = false;
    std::mutex mutex;
    std::map<std::pair<AvahiIfIndex, std::string>, std::string> found_;  // guarded by mutex
};

AvahiNeighbours::AvahiNeighbours(AvahiSetup setup) : state_(std::make_unique<State>(std::move(setup))) {}
AvahiNeighbours::~AvahiNeighbours() = default;

std::vector<std::string> AvahiNeighbours::found() const {
    const std::lock_guard lock(state_->mutex);
    std::set<std::string> unique;  // a board can be found on several interfaces
    for (const auto& [board, url] : state_->found_) unique.insert(url);
    return {unique.begin(), unique.end()};
}

}  // namespace riverlight::firmware
