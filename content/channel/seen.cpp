#include "content/channel/seen.hpp"

#include <limits>
#include <utility>

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr JsonLimits limits{.bytes = 8U << 20, .depth = 4, .values = 100'000};
constexpr auto most = std::numeric_limits<std::int64_t>::max();

SeenMetadata metadata_of(const json::value& value, const Where& where) {
    JsonFields fields(value, where);
    return {fields.integer("version", 0, most), fields.text("sha256", 64)};
}

json::object json_of(const SeenMetadata& seen) {
    return {{"version", seen.version}, {"sha256", seen.sha256}};
}

SeenVersions parse(const json::object& object, const Where& where) {
    JsonFields fields(object, where);
    fields.format(1);
    SeenVersions seen;
    seen.root = metadata_of(fields.object("root"), where.in("root"));
    if (const auto* timestamp = fields.optional("timestamp"))
        seen.timestamp = metadata_of(*timestamp, where.in("timestamp"));
    if (const auto* snapshot = fields.optional("snapshot"))
        seen.snapshot = metadata_of(*snapshot, where.in("snapshot"));
    seen.snapshot_named = fields.integer("snapshot_named", 0, most);
    JsonFields named(fields.object("named"), where.in("named"));
    for (const auto& member : fields.object("named"))
        seen.named[member.key()] = named.integer(member.key(), 0, most);
    for (const auto& member : fields.object("roles"))
        seen.roles[member.key()] = metadata_of(member.value(), where.in("roles"));
    return seen;
}

}  // namespace

std::optional<SeenVersions> read_seen(const FilePair& files) {
    try {
        const auto reading = read_pair(files, limits);
        if (!reading.value) return {};
        return parse(*reading.value, files.first);
    } catch (const Error&) {
        return {};
    }
}

void write_seen(const FilePair& files, const SeenVersions& seen) {
    json::object named, roles;
    for (const auto& [role, version] : seen.named) named[role] = version;
    for (const auto& [role, metadata] : seen.roles) roles[role] = json_of(metadata);
    json::object object{{"format", 1}, {"root", json_of(seen.root)}};
    if (seen.timestamp) object["timestamp"] = json_of(*seen.timestamp);
    if (seen.snapshot) object["snapshot"] = json_of(*seen.snapshot);
    object["snapshot_named"] = seen.snapshot_named;
    object["named"] = std::move(named);
    object["roles"] = std::move(roles);
    write_pair(files, object);
}

}  // namespace riverlight::content
