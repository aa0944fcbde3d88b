#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "content/http/server.hpp"

namespace riverlight::http {

/// The names under which a server is reached. A page of a stranger, whose name was made to resolve to this
/// machine (DNS rebinding), has its own name in Host.
class AllowedHosts {
  public:
    /// Addresses and `localhost` are always allowed. `names`: DNS names, in any case.
    explicit AllowedHosts(std::vector<std::string> names);
    /// Of a Host header's value, with or without its port.
    [[nodiscard]] bool contains(std::string_view host) const;

  private:
    std::vector<std::string> names_;  ///< lower case
};

/// The machine's own name, and that name with `.local` behind it.
[[nodiscard]] std::vector<std::string> names_of_this_machine();

/// 421 (RFC 9110, 15.5.20): the answer to a request for another host.
[[nodiscard]] Response misdirected();

/// Answers so to requests for other hosts, and passes on the rest.
[[nodiscard]] Server::Handler only_for(AllowedHosts hosts, Server::Handler handler);

}  // namespace riverlight::http
