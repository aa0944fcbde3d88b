#include "tools/office/client_address.hpp"

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "content/base/error.hpp"

namespace riverlight::office {
namespace {

/// An address as text is written in one way; an IPv4 address within IPv6 is itself. Nothing for other text.
std::optional<std::string> plain_address(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(std::string(text), ec);
    if (ec) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

}  // namespace

NamedProxies::NamedProxies(const std::vector<std::string>& addresses) {
    for (const auto& text : addresses) {
        auto address = plain_address(text);
        if (!address) throw Error("'" + text + "' is no IP address; name a proxy by its address, 192.0.2.7");
        addresses_.insert(std::move(*address));
    }
}

bool NamedProxies::contains(std::string_view address) const {
    const auto plain = plain_address(address);
    return plain && addresses_.contains(*plain);
}

http::Request NamedProxies::with_client_address(http::Request request) const {
    auto forwarded = std::string_view(request.header("x-forwarded-for"));
    while (contains(request.remote) && !forwarded.empty()) {
        const auto comma = forwarded.rfind(',');
        const auto last = plain_address(comma == forwarded.npos ? forwarded : forwarded.substr(comma + 1));
        if (!last) break;
        forwarded = comma == forwarded.npos ? std::string_view() : forwarded.substr(0, comma);
        request.remote = *last;
    }
    return request;
}

}  // namespace riverlight::office
