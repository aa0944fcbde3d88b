#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "content/http/server.hpp"

namespace riverlight::office {

/// The proxies before the office, by address. What anybody else says in X-Forwarded-For counts for nothing.
class NamedProxies {
  public:
    NamedProxies() = default;
    /// Throws Error for what is no IP address.
    explicit NamedProxies(const std::vector<std::string>& addresses);

    /// The request with the address that it came from: of a named proxy, the last one in X-Forwarded-For that
    /// is no named proxy itself, since each proxy adds its peer's address behind what came. Text that is no
    /// address ends the search: the last proxy counts.
    [[nodiscard]] http::Request with_client_address(http::Request request) const;

    [[nodiscard]] bool contains(std::string_view address) const;

  private:
    std::set<std::string> addresses_;
};

}  // namespace riverlight::office
