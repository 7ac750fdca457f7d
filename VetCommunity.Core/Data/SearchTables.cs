using Microsoft.EntityFrameworkCore.Migrations;

namespace VetCommunity.Core.Data;

/// <summary>The tables of the search index, which the model does not know: the message log writes them, the search asks them.</summary>
static class SearchTables
{
    // Without a copy of the texts. The words come folded and separated by blanks; ~ begins a token that is no word.
    public static void CreateForSqlite(MigrationBuilder migration)
    {
        migration.Sql("""
            CREATE VIRTUAL TABLE "MessageIndex" USING fts5("Tokens", content='', contentless_delete=1, tokenize="ascii tokenchars '~'");
            """);
        migration.Sql("""CREATE TABLE "IndexedWords" ("Word" TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;""");
        migration.Sql("""CREATE TABLE "UnindexedSpans" ("First" INTEGER NOT NULL PRIMARY KEY, "Last" INTEGER NOT NULL);""");
    }

    // A list of pending entries would be read through at each search, so there is none.
    public static void CreateForPostgres(MigrationBuilder migration)
    {
        migration.Sql("""CREATE TABLE "MessageIndex" (rowid bigint PRIMARY KEY, "Tokens" tsvector NOT NULL);""");
        migration.Sql("""CREATE INDEX "IX_MessageIndex_Tokens" ON "MessageIndex" USING gin ("Tokens") WITH (fastupdate = off);""");
        migration.Sql("""CREATE TABLE "IndexedWords" ("Word" text COLLATE "C" PRIMARY KEY);""");
        migration.Sql("""CREATE TABLE "UnindexedSpans" ("First" bigint PRIMARY KEY, "Last" bigint NOT NULL);""");
    }

    public static void Drop(MigrationBuilder migration)
    {
        migration.Sql("""DROP TABLE "MessageIndex";""");
        migration.Sql("""DROP TABLE "IndexedWords";""");
        migration.Sql("""DROP TABLE "UnindexedSpans";""");
    }
}
