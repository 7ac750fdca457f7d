using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Postgres
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
                type: "text",
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
