#include "firmware/status/routes.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <utility>

#include "content/html/page.hpp"
#include "firmware/status/json.hpp"
#include "firmware/status/metrics.hpp"
#include "firmware/status/page.hpp"

namespace riverlight::firmware {
namespace {

using http::Response;
using Captures = std::vector<std::string_view>;  ///< what each `{}` of the route's path stands for

/// What handlers answer from.
struct Sources {
    const std::function<BoardView()>& make_view;
    const std::vector<OutletFiles>& outlets;

    [[nodiscard]] const OutletFiles* outlet(std::string_view id) const {
        const auto found =
            std::find_if(outlets.begin(), outlets.end(), [&](const auto& o) { return o.id == id; });
        return found == outlets.end() ? nullptr : &*found;
    }
};

/// No answer: 404.
using Answer = std::optional<Response>;

Response uncached(std::string type, std::string body) {
    Response response;
    response.type = std::move(type);
    response.body = std::move(body);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Answer show_page(const Sources& sources, const Captures&) {
    auto response = uncached("text/html; charset=utf-8", status_page(sources.make_view()).markup());
    response.headers.emplace_back("Content-Security-Policy", html::content_security_policy);
    return response;
}

Answer show_status(const Sources& sources, const Captures&) {
    return uncached("application/json", status_json(sources.make_view()));
}

Answer show_metrics(const Sources& sources, const Captures&) {
    return uncached("text/plain; version=0.0.4; charset=utf-8", metrics_text(sources.make_view()));
}

Answer send_snapshot(const Sources& sources, const Captures& captures) {
    const auto* outlet = sources.outlet(captures[0]);
    if (!outlet) return {};
    auto response = uncached("image/jpeg", {});
    response.file = outlet->snapshot;
    return response;
}

/// A file of an outlet's HLS, by the names that its player gives them.
Answer send_hls(const Sources& sources, std::string_view id, const std::string& name, std::string_view type,
                std::string_view cache) {
    const auto* outlet = sources.outlet(id);
    if (!outlet || outlet->hls.empty()) return {};
    Response response;
    response.file = outlet->hls + '/' + name;
    response.type = type;
    response.headers = {{"Cache-Control", std::string(cache)},
                        {"Access-Control-Allow-Origin", "*"}};  // for players on a partner's own pages
    return response;
}

/// The playlist changes every few seconds. RFC 8216, section 10, names its type.
Answer send_playlist(const Sources& sources, const Captures& captures) {
    return send_hls(sources, captures[0], "live.m3u8", "application/vnd.apple.mpegurl", "no-cache");
}

/// A segment's name is never used again.
Answer send_segment(const Sources& sources, const Captures& captures) {
    if (captures[1].find_first_not_of("0123456789") != captures[1].npos) return {};
    return send_hls(sources, captures[0], "live-" + std::string(captures[1]) + ".ts", "video/mp2t",
                    "public, max-age=3600, immutable");
}

/// Style sheet, script and icon of the page: their paths hold a hash of their bytes.
Answer send_page_file(const Sources&, const Captures& captures) {
    const auto* file = html::file_at('/' + std::string(captures[0]));
    if (!file) return {};
    Response response;
    response.type = file->type;
    response.body = file->bytes;
    response.headers.emplace_back("Cache-Control", html::file_cache_control);
    return response;
}

struct BoardRoute {
    std::string_view method, pattern;
    Answer (*handler)(const Sources&, const Captures&);
};

constexpr std::array routes{
    BoardRoute{"GET", "/", show_page},
    BoardRoute{"GET", "/v1/status", show_status},
    BoardRoute{"GET", "/metrics", show_metrics},
    BoardRoute{"GET", "/outlet/{}.jpg", send_snapshot},
    BoardRoute{"GET", "/outlet/{}/live.m3u8", send_playlist},
    BoardRoute{"GET", "/outlet/{}/live-{}.ts", send_segment},
    BoardRoute{"GET", "/{}", send_page_file},
};

}  // namespace

std::optional<std::vector<std::string_view>> match_path(std::string_view pattern, std::string_view path) {
    std::vector<std::string_view> captures;
    for (auto hole = pattern.find("{}"); hole != pattern.npos; hole = pattern.find("{}")) {
        if (path.substr(0, hole) != pattern.substr(0, hole)) return {};
        path.remove_prefix(hole);
        pattern.remove_prefix(hole + 2);
        // Up to what follows the hole: a file's ending, or the next slash.
        const auto literal = pattern.substr(0, pattern.find_first_of("{/"));
        const auto segment = path.substr(0, path.find('/'));
        const auto size = literal.empty() ? segment.size() : segment.find(literal);
        if (size == segment.npos || size == 0) return {};
        captures.push_back(path.substr(0, size));
        path.remove_prefix(size);
    }
    if (path != pattern) return {};
    return captures;
}

StatusRoutes::StatusRoutes(std::function<BoardView()> make_view, std::vector<OutletFiles> outlets)
    : make_view_(std::move(make_view)), outlets_(std::move(outlets)) {
    assert(make_view_);
}

Response StatusRoutes::respond(const http::Request& request) const {
    const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
    const Sources sources{make_view_, outlets_};
    bool known_method = false;
    for (const auto& route : routes) {
        if (route.method != method) continue;
        known_method = true;
        const auto captures = match_path(route.pattern, request.path);
        if (!captures) continue;
        if (auto answer = route.handler(sources, *captures)) return *std::move(answer);
    }
    if (!known_method) return http::problem(405, "method", "Only GET is answered here", request.method);
    return http::problem(404, "not-found", "There is no such page", request.path);
}

}  // namespace riverlight::firmware
