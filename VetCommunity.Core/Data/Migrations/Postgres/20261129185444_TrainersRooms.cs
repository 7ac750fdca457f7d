using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class TrainersRooms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "TrainersRoomId",
                table: "LiveSessions",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_LiveSessions_TrainersRoomId",
                table: "LiveSessions",
                column: "TrainersRoomId",
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "FK_LiveSessions_Conversations_TrainersRoomId",
                table: "LiveSessions",
                column: "TrainersRoomId",
                principalTable: "Conversations",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_LiveSessions_Conversations_TrainersRoomId",
                table: "LiveSessions");

            migrationBuilder.DropIndex(
                name: "IX_LiveSessions_TrainersRoomId",
                table: "LiveSessions");

            migrationBuilder.DropColumn(
                name: "TrainersRoomId",
                table: "LiveSessions");
        }
    }
}
