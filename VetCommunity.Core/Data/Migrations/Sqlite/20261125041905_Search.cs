using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Search : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "SearchId",
                table: "Messages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Messages_SearchId",
                table: "Messages",
                column: "SearchId",
                unique: true);
            SearchTables.CreateForSqlite(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            SearchTables.Drop(migrationBuilder);
            migrationBuilder.DropIndex(
                name: "IX_Messages_SearchId",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "SearchId",
                table: "Messages");
        }
    }
}
