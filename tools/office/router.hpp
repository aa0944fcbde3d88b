#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "content/http/message.hpp"
#include "tools/office/access.hpp"
#include "tools/office/channel_follower.hpp"
#include "tools/office/comparer.hpp"
#include "tools/office/parameters.hpp"
#include "tools/office/reception.hpp"
#include "tools/office/store_readers.hpp"
#include "tools/office/views.hpp"
#include "tools/office/writer.hpp"

/// The table of everything that the office answers, who may ask for it, and which threads answer.
namespace riverlight::office {

/// The parts of the office that handlers use. One member for each part; all but `store` may be used from any
/// thread, and live as long as the office.
struct Services {
    const OfficeStore& store;  ///< to read, for one call
    Access& access;
    Reception& reception;
    Writer& writer;
    Comparer comparer;  ///< of `store`
    const ChannelFollower& channel;
    std::function<Instant()> now;
    std::string zone;  ///< IANA: whose today a page opens on
    /// For what is streamed: each piece of a body takes a connection, and gives it back.
    StoreReaders& readers;
    boost::asio::any_io_executor exports;  ///< makes the pieces of exports (http::BodyStream::worker)
    std::string folder;                    ///< where files that are being made lie
    std::function<void(const std::string& place)> handle_boards_changed;  ///< its plans follow
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

/// Which threads answer.
enum class Queue {
    pages,      ///< what is read, page by page
    figures,    ///< what is counted over days and places
    boards,     ///< what boards send is checked
    passwords,  ///< they are hashed: 64 MiB and a tenth of a second each
};

/// What a handler has written, and how it answers then: on its own queue again.
struct PendingWrite {
    std::function<void(OfficeStore& store)> write;                               ///< on the writer's thread
    std::function<http::Response(Services& services, const Call& call)> answer;  ///< once it is on disk
    /// What `write` refused. Absent: such a refusal is a page of its own.
    std::function<http::Response(Services& services, const Call& call, const BadRequest& why)> refused{};
};
using Answer = std::variant<http::Response, PendingWrite>;

struct Route {
    std::string_view method, path;  ///< `{}` in a path is one segment
    Role role;
    Queue queue;
    /// Reads and answers; or may write before it does.
    std::variant<http::Response (*)(Services& services, const Call& call),
                 Answer (*)(Services& services, const Call& call)>
        handle;
};
[[nodiscard]] std::span<const Route> routes();
/// True for what only boards send: signed, or with a claim code.
[[nodiscard]] bool is_for_boards(const http::Request& request);
/// Where a request is answered.
[[nodiscard]] Queue queue_of(const http::Request& request);

/// A request on its way through the office. It stays where it is until it is answered.
struct Visit {
    http::Request request;
    std::optional<Session> session{};
    std::optional<Call> call{};  ///< once it was let in; refers to the two above
};

/// Answers one request by the table, or says what has to be written first: 404 for another path, 405 for
/// another method; without a session, pages lead to the sign-in page and `/v1/…` answers 401. Errors under
/// `/v1/` are problem documents (RFC 9457), others are pages.
[[nodiscard]] Answer begin(Services& services, Visit& visit);
/// The answer once that was written, or was not since `fault`.
[[nodiscard]] http::Response end(Services& services, const Visit& visit, const PendingWrite& written,
                                 const std::exception_ptr& fault);
/// The answer where the records cannot even be opened: 503, to be tried again in a minute.
[[nodiscard]] http::Response without_records(const http::Request& request);
/// The answer where a queue is full: 503, to be tried again soon.
[[nodiscard]] http::Response too_busy(const http::Request& request);

}  // namespace riverlight::office
