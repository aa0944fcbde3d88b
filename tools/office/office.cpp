#include "tools/office/office.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "tools/office/responses.hpp"

namespace riverlight::office {

using namespace std::chrono_literals;

SigningKey load_office_key(const std::string& folder) {
    const auto path = folder + "/office.key";
    if (!std::filesystem::exists(path)) SigningKey::generate().save(path);
    return SigningKey::load(path);
}

namespace {

/// For a year browsers use HTTPS alone (RFC 6797).
constexpr auto https_alone = "max-age=31536000";

NamedProxies proxies_of(const OfficeSettings& settings) {
    if (settings.proxies.empty() && settings.behind_tls) return NamedProxies({"127.0.0.1", "::1"});
    return NamedProxies(settings.proxies);
}

}  // namespace

Office::Office(boost::asio::io_context& loop, const OfficeSettings& settings, std::function<Instant()> now)
    : now_(std::move(now)),
      store_(settings.state_folder),
      key_(load_office_key(settings.state_folder)),
      behind_tls_(settings.behind_tls),
      proxies_(proxies_of(settings)),
      access_(store_, settings.behind_tls),
      channel_(loop,
               {settings.channel_url, settings.trusted_root, settings.ca_file,
                settings.state_folder + "/channel", 60s},
               now_, [this] { handle_release(); }),
      comparer_(store_, [this] { return channel_.release(); }),
      intake_(store_, key_, [this](const std::string& place) { return facts_of(place); }),
      services_{store_, access_, intake_, comparer_, channel_, now_, settings.zone},
      hour_(loop) {
    store_plans_hourly();
}

http::Response Office::answer(const http::Request& request) {
    auto response = office::answer(services_, proxies_.with_client_address(request));
    if (behind_tls_) response.headers.emplace_back("Strict-Transport-Security", https_alone);
    response.headers.emplace_back("Date", http_date(now_()));  // boards check their clocks by it
    return response;
}

void Office::stop() {
    channel_.stop();
    hour_.cancel();
}

/// Of a place that the channel does not list any more, as its last day was.
PlaceFacts Office::facts_of(const std::string& place) const {
    auto facts = channel_.place_facts(place);
    if (!facts.country.empty()) return facts;
    return store_.plans.facts_of(place).value_or(facts);
}

/// Files airings that came before their place was known.
void Office::file_airings() {
    for (const auto& board : store_.boards.all())
        if (const auto facts = facts_of(board.place); !facts.country.empty())
            store_.airings.file(board.place, facts);
}

/// Another release is current. A full disk must not stop the office: plans that are not stored now are stored
/// within the hour.
void Office::handle_release() {
    try {
        comparer_.discard_all();
        file_airings();
        comparer_.store_plans(now_());
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

void Office::store_plans_hourly() {
    try {
        file_airings();
        comparer_.store_plans(now_());
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
    hour_.expires_after(1h);
    hour_.async_wait([this](const auto& ec) {
        if (!ec) store_plans_hourly();
    });
}

}  // namespace riverlight::office
