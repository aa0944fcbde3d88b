#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "content/http/server.hpp"
#include "tools/office/access.hpp"
#include "tools/office/channel_follower.hpp"
#include "tools/office/comparer.hpp"
#include "tools/office/intake.hpp"
#include "tools/office/views.hpp"

/// The table of everything that the office answers, and who may ask for it.
namespace riverlight::office {

/// The parts of the office that handlers use, on the loop's thread.
struct Services {
    OfficeStore& store;
    Access& access;
    Intake& intake;
    Comparer& comparer;
    const ChannelFollower& channel;
    std::function<Instant()> now;
    std::string zone;  ///< IANA: whose today a page opens on
};

/// A request that was let in.
struct Call {
    const http::Request& request;
    std::vector<std::string> values;   ///< of the holes in the route's path
    const Session* session = nullptr;  ///< never null for Role::session and Role::form
    Instant now{};
};

/// Who may use a route.
enum class Role {
    anyone,
    board,    ///< a device: the handler checks its claim code or its signature
    session,  ///< a person who signed in
    form,     ///< the same, by a form that the office made for the session
};

struct Route {
    std::string_view method, path;  ///< `{}` in a path is one segment
    Role role;
    http::Response (*handle)(Services& services, const Call& call);
};
[[nodiscard]] std::span<const Route> routes();
/// True for what only boards send: signed, or with a claim code.
[[nodiscard]] bool is_for_boards(const http::Request& request);

/// Answers one request by the table: 404 for another path, 405 for another method; without a session, pages
/// lead to the sign-in page and `/v1/…` answers 401. Errors under `/v1/` are problem documents (RFC 9457),
/// others are pages.
[[nodiscard]] http::Response answer(Services& services, const http::Request& request);

}  // namespace riverlight::office
