using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class LinksOfEditions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Links",
                table: "Editions",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Links",
                table: "Editions");
        }
    }
}
