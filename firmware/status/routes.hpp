#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/http/server.hpp"
#include "firmware/status/board_view.hpp"

namespace riverlight::firmware {

/// Files that an outlet's player writes and the status server serves.
struct OutletFiles {
    std::string id;
    std::string snapshot;  ///< path of its JPEG
    std::string hls;       ///< folder of its HLS output; empty: none
};

/// The HTTP interface of a board: one table of method, path and handler (routes.cpp). Owner: the daemon's
/// loop thread.
class StatusRoutes {
  public:
    /// `make_view` is called once for each request that shows a view, and for no other.
    StatusRoutes(std::function<BoardView()> make_view, std::vector<OutletFiles> outlets);

    /// GET and HEAD only: 405 for other methods, 404 for other paths.
    [[nodiscard]] http::Response respond(const http::Request& request) const;

  private:
    std::function<BoardView()> make_view_;
    std::vector<OutletFiles> outlets_;
};

/// The parts of `path` that `{}` of `pattern` stands for, none of which is empty or has a slash; nothing if
/// the path does not match.
[[nodiscard]] std::optional<std::vector<std::string_view>> match_path(std::string_view pattern,
                                                                      std::string_view path);

}  // namespace riverlight::firmware
