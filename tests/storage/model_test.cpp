// The engine against the model: thousands of random statements, of every kind that filters tell apart, and
// random questions, with restarts in between.
#include "tests/storage/store_fixture.hpp"
#include "tests/support/model_store.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

constexpr StoreId tenants = 2;
constexpr std::uint64_t id_space = 3000; // few enough for StatementRefs to meet their targets

class World {
  public:
    explicit World(unsigned seed) : random_(seed) {}

    std::size_t up_to(std::size_t limit) { return random_() % limit; }
    bool chance(std::size_t one_in) { return up_to(one_in) == 0; }

    boost::json::object random_statement() {
        auto made = without_id();
        if (chance(8)) made["context"] = context();
        return made;
    }

    Query random_query(const ModelStore& model) {
        Query made;
        const auto count = up_to(4);
        for (std::size_t i = 0; i < count; ++i) made.terms.push_back(term());
        if (model.statements() > 0 && chance(3)) made.since = model.stored_at(up_to(model.statements()));
        if (model.statements() > 0 && chance(3)) made.until = model.stored_at(up_to(model.statements()));
        made.ascending = chance(2);
        made.voided_too = chance(4);
        made.limit = 1 + up_to(chance(2) ? 20 : 1000);
        return made;
    }

  private:
    std::string name(std::size_t kinds) { return "n" + std::to_string(up_to(kinds)); }

    boost::json::object group() {
        boost::json::object made{{"objectType", "Group"}, {"member", {agent(name(6)), agent(name(6))}}};
        if (chance(2)) made["mbox"] = "mailto:group" + name(2) + "@example.com";
        return made;
    }

    boost::json::object context() {
        boost::json::object made;
        if (chance(2)) made["registration"] = spec::to_string(id_of(up_to(4)));
        if (chance(2)) made["instructor"] = agent(name(6));
        if (chance(3)) made["team"] = group();
        if (chance(2)) made["contextActivities"] = {{"parent", activity(name(5))}};
        return made;
    }

    boost::json::object without_id() {
        switch (up_to(12)) {
        case 0:
            return voiding(up_to(id_space));
        case 1:
        case 2:
            return referring(name(6), name(4), up_to(id_space));
        case 3: {
            auto inner = statement(name(6), name(4), name(5));
            inner["objectType"] = "SubStatement";
            if (chance(2)) inner["context"] = context();
            auto outer = statement(name(6), name(4), name(5));
            outer["object"] = inner;
            return outer;
        }
        case 4: {
            auto made = statement(name(6), name(4), name(5));
            made["actor"] = group();
            if (chance(2)) made["object"] = agent(name(6));
            return made;
        }
        default:
            return statement(name(6), name(4), name(5));
        }
    }

    spec::Term term() {
        switch (up_to(7)) {
        case 0:
            return by_verb(name(4));
        case 1:
            return by_activity(name(5));
        case 2:
            return {spec::Filter::related_activity, by_activity(name(5)).text};
        case 3:
            return by_agent(name(6));
        case 4:
            return {spec::Filter::related_agent, by_agent(name(6)).text};
        case 5:
            return by_agent("group" + name(2));
        default:
            return {spec::Filter::registration, spec::to_string(id_of(up_to(4)))};
        }
    }

    std::mt19937 random_;
};

// Stores what the model does not have yet, and tells the model.
void store_batch(World& world, RecordStore& store, ModelStore& model) {
    const StoreId tenant = static_cast<StoreId>(1 + world.up_to(tenants));
    Batch batch;
    std::set<std::uint64_t> numbers;
    for (std::size_t i = 0, count = 1 + world.up_to(30); i < count; ++i) {
        const auto number = world.up_to(id_space);
        if (model.contains(tenant, id_of(number)) || !numbers.insert(number).second) continue;
        auto made = world.random_statement();
        if (!world.chance(6)) made = with_id(std::move(made), number);
        batch.push_back(prepared(made));
    }
    REQUIRE(put(store, batch, tenant).has_value());
    REQUIRE(put(model, batch, tenant).has_value());
}

void check_query(World& world, RecordStore& store, ModelStore& model) {
    const StoreId tenant = static_cast<StoreId>(1 + world.up_to(tenants));
    const auto asked = world.random_query(model);
    std::string terms;
    for (const auto& term : asked.terms) {
        terms += " " + std::to_string(static_cast<int>(term.filter)) + "=" + term.text;
    }
    INFO("tenant " << tenant << " terms" << terms << " since " << asked.since.has_value() << " until "
                   << asked.until.has_value() << " ascending " << asked.ascending << " limit "
                   << asked.limit);
    const auto expected = found(model, asked, tenant);
    REQUIRE(found(store, asked, tenant) == expected);
    REQUIRE(store.count_statements(tenant, asked)->matches == expected.size());
}

void check_ids(World& world, RecordStore& store, ModelStore& model) {
    for (int i = 0; i < 20; ++i) {
        const StoreId tenant = static_cast<StoreId>(1 + world.up_to(tenants));
        const auto number = world.up_to(id_space);
        INFO("tenant " << tenant << " statement " << number);
        REQUIRE(is_voided(store, number, tenant) == is_voided(model, number, tenant));
        REQUIRE(is_there(store, number, tenant) == is_there(model, number, tenant));
    }
}

} // namespace

TEST_CASE("The engine answers as a list of statements that is looked through would") {
    const auto seed = GENERATE(1u, 2u, 3u);
    INFO("seed " << seed);
    World world(seed);
    // One clock for both, that stands still within a batch.
    spec::Instant time = ModelStore::instant(0);
    ModelStore model;
    model.now = [&time](Sequence) { return time; };
    RocksdbOptions options;
    options.now = [&time] { return time; };
    if (seed > 1) options.segment_bytes = 15'000; // many a bucket
    StoreFixture fixture(options);
    for (int step = 0; step < 150; ++step) {
        INFO("step " << step);
        time += std::chrono::seconds(1);
        store_batch(world, fixture.store(), model);
        if (world.chance(12)) fixture.reopen();
        for (int i = 0; i < 3; ++i) check_query(world, fixture.store(), model);
        check_ids(world, fixture.store(), model);
    }
    fixture.reopen();
    for (int i = 0; i < 100; ++i) check_query(world, fixture.store(), model);
}
