#include "tools/office/office.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <set>
#include <utility>

#include "content/html/page.hpp"
#include "tools/office/responses.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;

/// For a year browsers use HTTPS alone (RFC 6797).
constexpr auto https_alone = "max-age=31536000";
constexpr std::size_t most_to_write = 2000;  // pieces that wait

}  // namespace

NamedProxies proxies_of(const OfficeSettings& settings) {
    if (settings.proxies.empty() && settings.behind_tls) return NamedProxies({"127.0.0.1", "::1"});
    return NamedProxies(settings.proxies);
}

SigningKey load_office_key(const std::string& folder) {
    const auto path = folder + "/office.key";
    if (!std::filesystem::exists(path)) SigningKey::generate().save(path);
    return SigningKey::load(path);
}

SigningKey load_serving_key(OfficeStore& store, const std::string& folder, Instant now) {
    const auto path = folder + "/office.key";
    const auto known = store.keys.all();
    const auto advice = [&] {
        return "copy office.key from the office that has served them; if it is lost, 'riverlight-office key "
               "--adopt --state " +
               folder + "' lets this folder's key sign from now on, and boards have to enrol again";
    };
    if (!known.empty() && !std::filesystem::exists(path))
        throw Error(path + ": is missing, and these records are signed with it: " + advice());
    auto key = load_office_key(folder);
    if (known.empty())
        store.keys.add(key.public_hex(), now);
    else if (known.back() != key.public_hex())
        throw Error(path + ": is not the key that signs for these records: " + advice());
    return key;
}

/// Somebody who asked, and where the answer goes.
struct Office::Guest {
    Visit visit;
    http::Reply reply;
    WorkQueue& queue;
};

Office::Office(boost::asio::io_context& loop, const OfficeSettings& settings, std::function<Instant()> now)
    : settings_(settings),
      now_(std::move(now)),
      store_(settings.state_folder),
      readers_(settings.state_folder),
      key_(load_serving_key(store_, settings.state_folder, now_())),
      proxies_(proxies_of(settings)),
      writer_(store_, threads_.writing.executor(), most_to_write),
      access_(settings.behind_tls),
      channel_(loop,
               {settings.channel_url, settings.trusted_root, settings.ca_file,
                settings.state_folder + "/channel", settings.channel_every},
               now_, [this] { look_after_later(""); }),
      plans_(store_, [this] { return channel_.release(); }),
      leadership_(settings.state_folder),
      reception_(key_, [this](const OfficeStore& records,
                              const std::string& place) { return facts_of(records, place); }),
      look_timer_(loop) {
    look();
}

Office::~Office() {
    stop();
}

void Office::stop() {
    channel_.stop();
    look_timer_.cancel();
    threads_.stop();
}

Services Office::services_on(const OfficeStore& records) {
    return {records,
            access_,
            reception_,
            writer_,
            Comparer(records, [this] { return channel_.release(); }),
            channel_,
            now_,
            settings_.zone,
            readers_,
            threads_.exports.executor(),
            settings_.state_folder,
            [this](const std::string& place) { look_after_later(place); }};
}

void Office::answer(http::Request request, const http::Reply& reply) {
    auto visit = Visit{proxies_.with_client_address(std::move(request))};
    auto& queue = threads_.of(queue_of(visit.request));
    // Shared by the steps, which are on several threads.
    const auto guest = std::make_shared<Guest>(Guest{std::move(visit), reply, queue});
    if (!queue.post([this, guest] { begin(guest); })) send(*guest, too_busy(guest->visit.request));
}

http::Response Office::answer(const http::Request& request) {
    std::promise<http::Response> answered;
    auto response = answered.get_future();
    answer(request, http::Reply([&](http::Response r) { answered.set_value(std::move(r)); }));
    return response.get();
}

/// Null where the records cannot be opened, which the guest has been told.
StoreReaders::Lease Office::take_records(const Guest& guest) {
    try {
        return readers_.take();
    } catch (const Error& e) {
        spdlog::error("{} {}: {}", guest.visit.request.method, guest.visit.request.path, e.what());
        send(guest, without_records(guest.visit.request));
        return {};
    }
}

void Office::begin(const std::shared_ptr<Guest>& guest) {
    const auto records = take_records(*guest);
    if (!records) return;
    auto services = services_on(*records);
    auto answer = office::begin(services, guest->visit);
    if (auto* response = std::get_if<http::Response>(&answer)) return send(*guest, std::move(*response));
    // Shared by the steps, which are copied.
    const auto pending = std::make_shared<PendingWrite>(std::move(std::get<PendingWrite>(answer)));
    const bool is_taken = writer_.submit(
        [pending](OfficeStore& store) { pending->write(store); },
        [this, guest, pending](const std::exception_ptr& fault) {
            guest->queue.post_rest([this, guest, pending, fault] { end(*guest, *pending, fault); });
        });
    if (!is_taken) send(*guest, too_busy(guest->visit.request));
}

void Office::end(Guest& guest, const PendingWrite& written, const std::exception_ptr& fault) {
    const auto records = take_records(guest);
    if (!records) return;
    auto services = services_on(*records);
    send(guest, office::end(services, guest.visit, written, fault));
}

void Office::send(const Guest& guest, http::Response response) const {
    response.headers.emplace_back("Referrer-Policy", "same-origin");
    response.headers.emplace_back("Content-Security-Policy", html::content_security_policy);
    if (settings_.behind_tls) response.headers.emplace_back("Strict-Transport-Security", https_alone);
    response.headers.emplace_back("Date", http_date(now_()));  // boards check their clocks by it
    guest.reply(std::move(response));
}

/// Of a place that the channel does not list any more, as its last day was.
PlaceFacts Office::facts_of(const OfficeStore& records, const std::string& place) const {
    auto facts = channel_.place_facts(place);
    if (!facts.country.empty()) return facts;
    return records.plans.facts_of(place).value_or(facts);
}

/// Files airings that came before their place was known.
void Office::file_airings() {
    const auto records = readers_.take();
    for (const auto& board : records->boards.all())
        if (const auto facts = facts_of(*records, board.place); !facts.country.empty())
            writer_.write([&](OfficeStore& store) { store.airings.file(board.place, facts); });
}

/// Of a place, or of all: empty. Whoever takes the lead does not know what the former leader has left, and
/// looks after all. A full disk must not stop the office: plans that are not stored now are stored within the
/// hour.
void Office::look_after(const std::string& place) {
    const auto now = now_();
    const bool led = std::exchange(is_leading_, leadership_.leads());
    if (!is_leading_) return leave_to_leader(place);
    const bool is_all = place.empty() || !led;
    if (is_all) file_airings();
    writer_.write([&](OfficeStore&) {
        if (is_all)
            plans_.look_after_all(now);
        else
            plans_.look_after(place, now);
    });
    if (!std::exchange(has_next_, true)) threads_.planning.post_rest([this] { plan_next(); });
}

/// The leader looks after all places by itself.
void Office::leave_to_leader(const std::string& place) {
    if (!place.empty()) writer_.write([&](OfficeStore& store) { store.plan_requests.add(place); });
}

/// Takes the lead where nobody has it any more; as the leader, plans what the others have left to it.
void Office::lead() {
    if (!is_leading_) return look_after("");
    if (!readers_.take()->plan_requests.are_there()) return;
    std::vector<std::string> places;
    writer_.write([&](OfficeStore& store) { places = store.plan_requests.take(); });
    for (const auto& place : places) look_after(place);
}

void Office::look_after_later(const std::string& place) {
    if (!threads_.planning.post([this, place] { look_after(place); }))
        spdlog::warn("too many places wait to be planned: the rest is planned within the hour");
}

/// One day after the other, so that whatever else changes meanwhile does not wait for all of them.
void Office::plan_next() {
    has_next_ = false;
    std::optional<DayToPlan> day;
    writer_.write([&](OfficeStore&) { day = plans_.next(); });
    if (day) {
        auto plan = day->plan();
        writer_.write([&](OfficeStore&) { plans_.keep(*day, std::move(plan)); });
    }
    if (plans_.is_done()) return;
    has_next_ = true;
    threads_.planning.post_rest([this] { plan_next(); });
}

/// Plans are stored every hour by the clock, not by a timer: a machine may sleep, and its clock may be set.
void Office::look() {
    const auto now = now_();
    if (!planned_ || now < *planned_ || now >= *planned_ + 1h) {
        look_after_later("");
        planned_ = now;
    }
    if (!threads_.planning.post([this] { lead(); })) spdlog::debug("places wait to be planned already");
    tell_looked(now);
    look_timer_.expires_after(settings_.look_every);
    look_timer_.async_wait([this](const auto& ec) {
        if (!ec) look();
    });
}

/// Behind the plans that wait; one at a time, so that it takes no room from them.
void Office::tell_looked(Instant at) {
    if (!settings_.on_looked || is_telling_.exchange(true)) return;
    threads_.planning.post_rest([this, at] { tell_when_planned(at); });
}

void Office::tell_when_planned(Instant at) {
    if (has_next_) return threads_.planning.post_rest([this, at] { tell_when_planned(at); });
    settings_.on_looked(at);
    is_telling_ = false;
}

}  // namespace riverlight::office
