#include "tools/office/failure_store.hpp"

#include <boost/asio/ip/address.hpp>
#include <cassert>
#include <string_view>

#include "content/base/crypto.hpp"
#include "content/http/connection_book.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;

struct Limit {
    std::int64_t most;
    std::chrono::microseconds window;
};
constexpr std::chrono::microseconds longest_window = 10min;
/// What another office's clock may be ahead. A failure later than that is from before a clock was set back,
/// and must lock nobody out.
constexpr std::chrono::microseconds clocks_apart = 1min;
constexpr std::int64_t most_kept = 100'000;

Limit limit_of(Guesser guesser) {
    switch (guesser) {
        case Guesser::user_name:
        case Guesser::known_device:
            return {5, 5min};
        case Guesser::address:
            return {30, 5min};
        case Guesser::claim_address:
            return {10, longest_window};
    }
    assert(false && "no guesser");
    return {};
}

std::string_view to_text(Guesser guesser) {
    switch (guesser) {
        case Guesser::user_name:
            return "name";
        case Guesser::address:
            return "address";
        case Guesser::known_device:
            return "device";
        case Guesser::claim_address:
            return "claim";
    }
    assert(false && "no guesser");
    return {};
}

bool is_address(Guesser guesser) {
    return guesser == Guesser::address || guesser == Guesser::claim_address;
}

/// One that has a /64 of IPv6 has as many addresses as it likes.
std::string peer(const std::string& address) {
    boost::system::error_code ec;
    const auto parsed = boost::asio::ip::make_address(address, ec);
    return ec ? address : http::peer_of(parsed);
}

std::string key_of(Guesser guesser, const std::string& id) {
    return sha256_hex("riverlight guesser " + std::string(to_text(guesser)) + ' ' +
                      (is_address(guesser) ? peer(id) : id));
}

std::int64_t in_us(Instant at) {
    return at.time_since_epoch().count();
}

}  // namespace

std::chrono::seconds FailureStore::wait(Guesser guesser, const std::string& id, Instant now) const {
    const auto [most, window] = limit_of(guesser);
    auto q = db_.query(
        "SELECT at_us FROM failure WHERE guesser=? AND at_us>? AND at_us<=? ORDER BY at_us DESC LIMIT ?",
        {key_of(guesser, id), in_us(now - window), in_us(now + clocks_apart), most});
    std::int64_t count = 0, first = 0;
    for (; q.next(); ++count) first = q.integer(0);
    if (count < most) return {};
    return std::chrono::ceil<std::chrono::seconds>(Instant(std::chrono::microseconds(first)) + window - now);
}

void FailureStore::add(Guesser guesser, const std::string& id, Instant now) {
    db_.run("DELETE FROM failure WHERE at_us<=? OR at_us>?",
            {in_us(now - longest_window), in_us(now + clocks_apart)});
    db_.run("INSERT INTO failure(guesser, at_us) VALUES(?,?)", {key_of(guesser, id), in_us(now)});
    db_.run("DELETE FROM failure WHERE id<=(SELECT MAX(id) FROM failure)-?", {most_kept});
}

void FailureStore::forget(Guesser guesser, const std::string& id) {
    db_.run("DELETE FROM failure WHERE guesser=?", {key_of(guesser, id)});
}

}  // namespace riverlight::office
