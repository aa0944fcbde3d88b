#include "content/http/hosts.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cctype>
#include <utility>

namespace riverlight::http {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return out;
}

/// The host without its port and without the brackets of an IPv6 address.
std::string without_port(std::string_view host) {
    if (host.starts_with('[')) return std::string(host.substr(1, std::min(host.find(']'), host.size()) - 1));
    return std::string(host.substr(0, host.find(':')));
}

}  // namespace

AllowedHosts::AllowedHosts(std::vector<std::string> names) : names_(std::move(names)) {
    for (auto& name : names_) name = lower(name);
    names_.emplace_back("localhost");
}

bool AllowedHosts::contains(std::string_view host) const {
    auto name = lower(without_port(host));
    if (name.ends_with('.')) name.pop_back();
    boost::system::error_code no_address;
    boost::asio::ip::make_address(name, no_address);
    return !no_address || std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::vector<std::string> names_of_this_machine() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name.front() == 0) return {};
    return {name.data(), std::string(name.data()) + ".local"};
}

Response misdirected() {
    return problem(421, "about:blank", "Misdirected request",
                   "this server is not reached under that name; use its address, or add the name to the "
                   "hosts in its settings");
}

Server::Handler only_for(AllowedHosts hosts, Server::Handler handler) {
    return [hosts = std::move(hosts), handler = std::move(handler)](const Request& request) {
        return hosts.contains(request.host) ? handler(request) : misdirected();
    };
}

}  // namespace riverlight::http
