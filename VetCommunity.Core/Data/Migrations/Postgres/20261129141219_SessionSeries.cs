using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class SessionSeries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "SeriesId",
                table: "LiveSessions",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "SessionSeries",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Rule = table.Column<int>(type: "integer", nullable: false),
                    TimeZone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionSeries", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_LiveSessions_SeriesId_StartsAt",
                table: "LiveSessions",
                columns: new[] { "SeriesId", "StartsAt" });

            migrationBuilder.AddForeignKey(
                name: "FK_LiveSessions_SessionSeries_SeriesId",
                table: "LiveSessions",
                column: "SeriesId",
                principalTable: "SessionSeries",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_LiveSessions_SessionSeries_SeriesId",
                table: "LiveSessions");

            migrationBuilder.DropTable(
                name: "SessionSeries");

            migrationBuilder.DropIndex(
                name: "IX_LiveSessions_SeriesId_StartsAt",
                table: "LiveSessions");

            migrationBuilder.DropColumn(
                name: "SeriesId",
                table: "LiveSessions");
        }
    }
}
